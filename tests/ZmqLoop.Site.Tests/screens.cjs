// Looks at pages of the site on a phone: screens.cjs MODULES CHROMIUM FOLDER PAGE... A line for each thing that cannot be read.
const fs = require("fs"), http = require("http"), path = require("path");
const [modules, chromium, folder, ...pages] = process.argv.slice(2);
const { chromium: browsers } = require(path.join(modules, "playwright-core"));
const width = 400;
const smallest = 10; // pixels, of a picture's text
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };

const server = http.createServer((request, response) => {
  const file = path.join(folder, decodeURIComponent(new URL(request.url, "http://site").pathname));
  fs.readFile(file, (error, content) => {
    response.writeHead(error ? 404 : 200, { "content-type": types[path.extname(file)] ?? "application/octet-stream" });
    response.end(content);
  });
});

// In the page: how many pixels too wide it is, and the size in which the smallest text of each drawn picture stands there.
async function look() {
  const pictures = [];
  for (const image of document.querySelectorAll("article img")) {
    if (!image.src.endsWith(".svg")) continue;
    await image.decode();
    const drawing = new DOMParser().parseFromString(await (await fetch(image.src)).text(), "image/svg+xml");
    const sizes = [...drawing.querySelectorAll("[font-size]")].map(element => parseFloat(element.getAttribute("font-size")));
    pictures.push({ name: image.src, text: Math.min(...sizes) * image.getBoundingClientRect().width / image.naturalWidth });
  }
  return { over: document.documentElement.scrollWidth - window.innerWidth, pictures };
}

server.listen(0, "127.0.0.1", async () => {
  const browser = await browsers.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  let pictures = 0;
  for (const name of pages) {
    await page.goto(`http://127.0.0.1:${server.address().port}/${name}`, { waitUntil: "networkidle" }); // its scripts wrap tables
    const seen = await page.evaluate(look);
    pictures += seen.pictures.length;
    if (seen.over > 0) console.log(`${name} is ${seen.over} pixels wider than ${width}.`);
    for (const picture of seen.pictures.filter(picture => !(picture.text >= smallest)))
      console.log(`${name}: a text of ${picture.name} is ${picture.text.toFixed(1)} pixels high.`);
  }
  console.log(`looked at ${pages.length} pages and ${pictures} pictures`);
  await browser.close();
  server.close();
});

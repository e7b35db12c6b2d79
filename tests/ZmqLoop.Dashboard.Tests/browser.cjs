// Drives a browser for the tests: a command a line on stdin, an answer a line on stdout.
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;

const limit = 30000;
let browser, page, troubles;

const commands = {
  async open({ url, width, scheme, live }) {
    await page?.context().close();
    page = await (await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme })).newPage();
    troubles = [];
    page.on("console", message => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
    page.on("pageerror", error => troubles.push(error.message));
    page.on("dialog", dialog => { troubles.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on("request", request => request.url().startsWith(new URL(url).origin) || troubles.push(`asked for ${request.url()}`));
    await page.goto(url);
    if (live) await page.waitForSelector("body.on", { timeout: limit });
  },
  // Until a part of the page has a text in it.
  async see({ selector, text, seconds = 30 }) {
    await page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: seconds * 1000 });
  },
  async gone({ selector, text }) {
    await page.locator(selector).filter({ hasText: text }).first().waitFor({ state: "hidden", timeout: limit });
  },
  read: ({ selector }) => page.locator(selector).allInnerTexts(),
  type: ({ selector, text }) => page.locator(selector).fill(text),
  click: ({ selector }) => page.locator(selector).click(),
  press: ({ key }) => page.keyboard.press(key),
  focused: () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName),
  overflow: () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  screenshot: ({ file }) => page.screenshot({ path: file, fullPage: true }),
  troubles: () => troubles,
  // By the tool of Deque: WCAG 2.2 A and AA. Through the debugger, since the page's policy lets no script of others in.
  async axe() {
    await page.evaluate(axe);
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await page.evaluate(tags => axe.run(document, { runOnly: tags }), tags);
    return result.violations.map(found =>
      `${found.id}: ${found.nodes.slice(0, 3).map(node => `${node.target} ${node.failureSummary}`).join("; ")}`);
  },
};

(async () => {
  browser = await chromium.launch({ executablePath: process.env.ZMQLOOP_CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  for await (const line of require("readline").createInterface({ input: process.stdin })) {
    const { command, ...options } = JSON.parse(line);
    let answer;
    try {
      answer = { value: await commands[command](options) ?? null };
    } catch (error) {
      const seen = page ? await page.locator("body").innerText().catch(() => "") : "";
      answer = { error: `${command} ${JSON.stringify(options)}: ${error.message}\nThe page: ${seen.slice(0, 3000)}` };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
  await browser.close();
})();

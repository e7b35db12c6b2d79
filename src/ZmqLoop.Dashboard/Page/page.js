// The page, drawn from one snapshot a second. Data is only ever set as text: a name may have markup in it.

import { bytes, counted, legible, number, storyLength, time, whole } from "./text.js";

const base = document.body.dataset.base;
const svgNamespace = "http://www.w3.org/2000/svg";
const severities = { critical: "Critical", warning: "Warning", notice: "Notice" };
const find = id => document.getElementById(id);

let shown = Math.min(Math.max(Number.parseInt(new URLSearchParams(location.search).get("streams"), 10) || 50, 1), 1000);
let filter = "";
let source = null;
let asked = 0; // when, in milliseconds, as the next one
let lastNews = performance.now();
let refusal = null; // what was answered instead of news
let known = null; // the findings that were told of

// ---- elements

function element(tag, classes, ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

function setText(target, text, most) {
  const shown = legible(text, most);
  if (target.textContent !== shown) target.textContent = shown;
}

function setClass(target, classes) {
  if (target.className !== classes) target.className = classes;
}

// A list whose items stay the elements that they are, as long as their keys do: the focus stays, and what is open stays open.
function keyed(parent, items, keyOf, make, update) {
  const kept = parent.items ?? new Map();
  const wanted = new Map(items.map(item => [keyOf(item), item]));
  const focused = document.activeElement;
  parent.items = new Map();
  for (const [key, entry] of kept)
    if (!wanted.has(key)) entry.root.remove();
  let place = parent.firstElementChild;
  for (const [key, item] of wanted) {
    const entry = kept.get(key) ?? make(item);
    parent.items.set(key, entry);
    if (entry.root === place) place = place.nextElementSibling;
    else parent.insertBefore(entry.root, place);
    update(entry, item);
  }
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true }); // it has moved
}

function spark() {
  const svg = document.createElementNS(svgNamespace, "svg");
  svg.setAttribute("viewBox", "0 0 59 20");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.area = svg.appendChild(document.createElementNS(svgNamespace, "path"));
  svg.area.setAttribute("class", "area");
  svg.line = svg.appendChild(document.createElementNS(svgNamespace, "path"));
  return svg;
}

function draw(svg, values) {
  const top = Math.max(...values, 0);
  svg.setAttribute("class", top > 0 ? "" : "flat");
  const points = values.map((value, i) => `${60 - values.length + i} ${top > 0 ? (19 - 18 * value / top).toFixed(1) : 19}`);
  const line = points.length > 1 ? `M${points.join("L")}` : "";
  svg.line.setAttribute("d", line);
  svg.area.setAttribute("d", line && `${line}L59 20L${60 - values.length} 20Z`);
}

// ---- what is wrong

function drawFindings(data) {
  setText(find("finding-count"), data.findingCount > 0 ? whole(data.findingCount) : "");
  const keyOf = finding => `${finding.rule} ${finding.loop} ${finding.stream} ${finding.severity}`;
  const unique = new Map(data.findings.map((finding, i) => [`${keyOf(finding)} ${finding.rule === "held-up-proxy" ? i : ""}`, finding]));
  keyed(find("finding-list"), [...unique], ([key]) => key, ([, finding]) => {
    const severity = element("span", "severity");
    const title = element("h3");
    const action = element("span");
    const link = element("a");
    link.rel = "noreferrer";
    return { root: element("li", finding.severity, severity, title, element("p", "", action, " ", link)), severity, title, action, link };
  }, (entry, [, finding]) => {
    setText(entry.severity, severities[finding.severity]);
    setText(entry.title, finding.title, storyLength);
    setText(entry.action, finding.action);
    setText(entry.link, `More about ${finding.rule.replaceAll("-", " ")}`);
    if (finding.link.startsWith("https://github.com/zmqloop/")) entry.link.href = finding.link;
  });
  setText(find("note"), data.note ?? "");
  find("no-findings").hidden = data.findingCount > 0;
  const left = data.findingCount - data.findings.length;
  setText(find("more-findings"), left > 0 ? `And ${whole(left)} more.` : "");
  tell([...unique.entries()]);
}

// Screen readers hear of what is new, and not of each second of it.
function tell(entries) {
  const now = new Map(entries.map(([key, finding]) => [key, finding.title]));
  const added = [...now].filter(([key]) => !known?.has(key)).map(([, title]) => title);
  if (known !== null && added.length > 0) setText(find("news"), `New: ${added.slice(0, 3).join(". ")}`, storyLength);
  else if (known?.size > 0 && now.size === 0) setText(find("news"), "Nothing is wrong any more.");
  known = now;
}

// ---- traffic and loops

function drawTotals(totals) {
  const tiles = [
    ["Received/s", number(totals.receivedPerSecond), totals.receivedHistory],
    ["Sent/s", number(totals.sentPerSecond), totals.sentHistory],
    ["Waiting to be sent", number(totals.queued), totals.queuedHistory],
    ["Dropped/s", number(totals.droppedPerSecond), totals.droppedHistory],
  ];
  keyed(find("total-list"), tiles, ([name]) => name, ([name]) => {
    const value = element("dd", "value");
    const chart = spark();
    return { root: element("div", "", element("dt", "", name), value, element("dd", "", chart)), value, chart };
  }, (entry, [, value, history]) => {
    setText(entry.value, value);
    draw(entry.chart, history);
  });
}

const loopFacts = [
  ["Turns/s", loop => number(loop.turnsPerSecond), loop => loop.turnsHistory],
  ["Lag", loop => time(loop.lagSeconds), loop => loop.lagHistory, loop => loop.lagSeconds >= 0.1],
  ["Busy", loop => loop.busy === null ? "–" : `${whole(loop.busy * 100)} %`],
  ["Callbacks", loop => number(loop.callbacks)],
  ["Timers", loop => number(loop.timers)],
  ["Scopes", loop => number(loop.scopes)],
  ["Sources", loop => number(loop.sources)],
  ["Streams", loop => number(loop.streams)],
];

function makeLoop() {
  const name = element("span");
  name.className = "title";
  const state = element("span");
  const heading = element("h3", "", name, state);
  const now = element("p", "now");
  const facts = loopFacts.map(([label, , history]) => {
    const value = element("dd");
    const chart = history ? spark() : null;
    return { value, chart, root: element("div", "", element("dt", "", label), value, ...(chart ? [element("dd", "", chart)] : [])) };
  });
  const summary = element("summary");
  const blocks = element("ol");
  const details = element("details", "", summary, blocks);
  const root = element("li", "", heading, now, element("dl", "", ...facts.map(fact => fact.root)), details);
  return { root, name, state, now, facts, summary, blocks, details };
}

function drawNow(target, loop) {
  const current = loop.current;
  if (!current) {
    const waits = loop.busy > 0.5 ? "Runs one short callback after the other" : "Waits for something to do";
    setText(target, loop.isRunning ? waits : "Is not running");
    return;
  }
  const contexts = current.contexts.length > 0 ? legible(`, in ${current.contexts.join(" › ")}`, storyLength) : "";
  target.replaceChildren(
    current.seconds >= 1 ? `Blocked for ${time(current.seconds)} by ` : "Runs ",
    element("code", "", legible(current.callback, storyLength)),
    current.seconds >= 1 || current.seconds === 0 ? contexts : ` for ${time(current.seconds)}${contexts}`);
}

function drawLoops(loops) {
  setText(find("loop-count"), loops.length > 0 ? whole(loops.length) : "");
  find("no-loops").hidden = loops.length > 0;
  keyed(find("loop-list"), loops, loop => loop.id, makeLoop, (entry, loop) => {
    setText(entry.name, loop.title);
    const states = [loop.engine, loop.isRunning ? null : "not running", `open for ${time(loop.ageSeconds)}`];
    setText(entry.state, states.filter(Boolean).join(" · "));
    setClass(entry.root, loop.current?.seconds >= 1 ? "trouble" : "");
    drawNow(entry.now, loop);
    loopFacts.forEach(([, value, history, isBad], i) => {
      setText(entry.facts[i].value, value(loop));
      setClass(entry.facts[i].value, isBad?.(loop) ? "watch" : "");
      if (history) draw(entry.facts[i].chart, history(loop));
    });
    entry.details.hidden = loop.blocks.length === 0;
    setText(entry.summary, counted(loop.blocks.length, "block", "last blocks"));
    keyed(entry.blocks, loop.blocks, block => block.since, () => {
      const when = element("span", "under");
      const story = element("code");
      return { root: element("li", "", when, story), when, story };
    }, (block, told) => {
      setText(block.when, `${new Date(told.since).toLocaleTimeString()}, ${time(told.seconds)}${told.isOver ? "" : " so far"}`);
      setText(block.story, told.callback, storyLength);
    });
  });
}

// ---- tables

function cell(withChart) {
  const value = element("span");
  const under = element("span", "under");
  const chart = withChart ? spark() : null;
  const root = element("td", "number", value, ...(chart ? [chart] : []), under);
  return { root, value, under, chart };
}

function fill(target, value, under, classes, history) {
  setText(target.value, value);
  setText(target.under, under ?? "");
  setClass(target.value, classes ?? "");
  if (target.chart) draw(target.chart, history);
}

function row(columns) {
  const title = element("span");
  const under = element("span", "under");
  const heading = element("th", "", title, under);
  heading.scope = "row";
  const cells = columns.map(cell);
  return { root: element("tr", "", heading, ...cells.map(made => made.root)), title, under, cells };
}

function lostOf(stream) {
  const reasons = [
    [stream.dropped.queueFull, "queue full"], [stream.dropped.peerQueueFull, "peer full"], [stream.dropped.expired, "expired"],
    [stream.dropped.cleared, "cleared"], [stream.unroutable, "no route"], [stream.oversized, "too large"],
  ].filter(([count]) => count > 0);
  const sum = reasons.reduce((total, [count]) => total + count, 0);
  return { sum, text: reasons.map(([count, why]) => `${why} ${number(count)}`).join(", ") };
}

function fillStream(entry, stream, loops, trouble) {
  setText(entry.title, stream.title);
  setText(entry.under, `${stream.type} on ${loops.get(stream.loop) ?? "?"}`);
  setClass(entry.root, trouble ?? "");
  const [received, sent, queue, handlers, lost, peers] = entry.cells;
  const { connections, requests } = stream;
  const idle = stream.idleSeconds > 5 ? `, the last ${time(stream.idleSeconds)} ago` : "";
  fill(received, number(stream.receivedPerSecond), `${number(stream.received)}, ${bytes(stream.receivedBytes)}${idle}`, "",
    stream.receivedHistory);
  fill(sent, number(stream.sentPerSecond), `${number(stream.sent)}, ${bytes(stream.sentBytes)}`, "", stream.sentHistory);
  const full = stream.queueLimit !== null && stream.queued >= 0.9 * stream.queueLimit;
  fill(queue, stream.queueLimit === null ? number(stream.queued) : `${number(stream.queued)} of ${number(stream.queueLimit)}`,
    stream.mostQueued > 0 ? `at most ${number(stream.mostQueued)}${stream.isHeldUp ? ", no room" : ""}` : "",
    full ? "bad" : stream.isHeldUp ? "watch" : "", stream.queuedHistory);
  const stuck = stream.oldestHandlerSeconds >= (stream.handlerWarningSeconds ?? 10);
  if (requests) fill(handlers, `${number(requests.inFlight)} asked`, requests.waiting > 0 ? `${number(requests.waiting)} wait` : "");
  else fill(handlers, stream.handlers > 0 ? `${number(stream.handlers)} of ${number(stream.maxConcurrency)}` : "0",
    stream.oldestHandlerSeconds === null ? "" : `oldest ${time(stream.oldestHandlerSeconds)}`, stuck ? "bad" : "");
  const losses = lostOf(stream);
  fill(lost, number(losses.sum), losses.text, stream.droppedPerSecond > 0 ? "bad" : "");
  fill(peers, connections === null ? "not monitored" : number(connections.open),
    connections === null ? "" : `${number(connections.connects)} came, ${number(connections.disconnects)} went`
      + (connections.retries > 0 ? `, ${number(connections.retries)} retries` : ""), connections === null ? "none" : "");
}

function drawStreams(data, loops) {
  const trouble = new Map();
  for (const finding of data.findings)
    if (finding.stream !== null && !trouble.has(finding.stream)) trouble.set(finding.stream, finding.severity);
  setText(find("stream-count"), data.streamCount > 0 ? whole(data.streamCount) : "");
  keyed(find("stream-table").tBodies[0], data.streams, stream => stream.id, () => row([true, true, true, false, false, false]),
    (entry, stream) => fillStream(entry, stream, loops, trouble.get(stream.id)));
  find("stream-table").parentElement.hidden = data.streams.length === 0;
  find("no-streams").hidden = data.streams.length > 0;
  setText(find("no-streams"), filter ? `No stream has “${filter}” in its name, type or loop.` : "No stream is open in this process.");
  const left = data.streamCount - data.streams.length;
  find("more-streams").hidden = left <= 0;
  setText(find("more-streams").firstElementChild, `${counted(left, "stream more is", "streams more are")} not shown.`);
  find("show-more").hidden = shown >= 1000;
}

function drawProxies(proxies, loops) {
  find("proxy-section").hidden = proxies.length === 0;
  setText(find("proxy-count"), whole(proxies.length));
  keyed(find("proxy-table").tBodies[0], proxies, proxy => proxy.id, () => {
    const entry = row([true, true, false, false]);
    entry.cells[2].root.className = "";
    return entry;
  }, (entry, proxy) => {
    setText(entry.title, proxy.title);
    setText(entry.under, `${proxy.frontend} to ${proxy.backend} on ${loops.get(proxy.loop) ?? "?"}`);
    const [inward, outward, state, lost] = entry.cells;
    fill(inward, number(proxy.inPerSecond), number(proxy.messagesIn), "", proxy.inHistory);
    fill(outward, number(proxy.outPerSecond), number(proxy.messagesOut), "", proxy.outHistory);
    fill(state, proxy.isPaused ? "paused" : proxy.isHeldUp ? "held up" : "forwards",
      proxy.heldUpSeconds > 0 ? `for ${time(proxy.heldUpSeconds)}` : "", proxy.isHeldUp ? "watch" : "");
    fill(lost, number(proxy.unroutable + proxy.oversized + proxy.captureDropped),
      proxy.captureDropped > 0 ? `${number(proxy.captureDropped)} not captured` : "");
  });
}

function drawPeers(data) {
  const now = new Date(data.time).getTime();
  setText(find("peer-count"), data.peerCount > 0 ? whole(data.peerCount) : "");
  const peers = data.peers.map((peer, i) => [`${peer.stream} ${peer.endpoint} ${peer.since} ${i}`, peer]);
  keyed(find("peer-table").tBodies[0], peers, ([key]) => key, () => {
    const entry = row([false, false, false, false]);
    entry.cells[0].root.className = "";
    entry.cells[1].root.className = "";
    return entry;
  }, (entry, [, peer]) => {
    setText(entry.title, peer.owner);
    const [endpoint, side, age, often] = entry.cells;
    fill(endpoint, peer.endpoint);
    fill(side, peer.accepted ? "the peer" : "this side");
    fill(age, time((now - new Date(peer.since).getTime()) / 1000));
    fill(often, number(peer.number), "", peer.number >= 3 ? "watch" : "");
  });
  find("peer-region").hidden = peers.length === 0;
  find("no-peers").hidden = peers.length > 0;
  setText(find("no-peers"), data.monitorCount > 0 ? "Nobody is connected to the sockets that are monitored." : "No socket is monitored.");
  const unmonitored = data.streams.filter(stream => stream.connections === null).length;
  find("unmonitored").hidden = unmonitored === 0;
  const which = counted(unmonitored, "stream that is shown has no monitor", "streams that are shown have no monitor");
  setText(find("unmonitored").firstElementChild, `${which}: who is connected is not known.`);
}

// ---- the whole

function drawAll(data) {
  const loops = new Map(data.loops.map(loop => [loop.id, loop.title]));
  setText(find("process"), data.process.name);
  const { id, machine, uptimeSeconds, memoryBytes } = data.process;
  setText(find("about"), `process ${id} on ${machine} · up for ${time(uptimeSeconds)} · ${bytes(memoryBytes)}`);
  setText(find("versions"), `ZmqLoop ${data.process.library} on ${data.process.runtime}`);
  const title = `${legible(data.process.name)} – ZmqLoop`;
  document.title = data.findingCount > 0 ? `(${data.findingCount}) ${title}` : title;
  drawFindings(data);
  drawTotals(data.totals);
  drawLoops(data.loops);
  drawStreams(data, loops);
  drawProxies(data.proxies, loops);
  drawPeers(data);
}

function setLive(isLive, text) {
  setClass(document.body, isLive ? "on" : "off");
  setText(find("live-text"), text);
}

function listen() {
  source?.close();
  asked = performance.now();
  const url = `${base}events?streams=${shown}&filter=${encodeURIComponent(filter)}`;
  source = new EventSource(url);
  source.onmessage = message => {
    drawAll(JSON.parse(message.data));
    lastNews = performance.now();
    refusal = null;
    setLive(true, "Live");
  };
  source.onerror = () => {
    refusal = null;
    if (source.readyState === EventSource.CLOSED) learnWhy(url);
  };
}

// An EventSource that is refused does not say why.
async function learnWhy(url) {
  const enough = new AbortController();
  try {
    const answer = await fetch(url, { signal: enough.signal });
    if (answer.ok && !answer.redirected) return;
    const told = answer.ok ? "It asks who you are: load this page anew" : (await answer.text()).split("\n")[0];
    refusal = told || `The answer is ${answer.status}`;
    setLive(false, refusal);
  } catch {
    // There is no answer.
  } finally {
    enough.abort();
  }
}

// The browser tries again by itself where it may; where the answer was no, or a connection is dead and nobody has said so, it does not.
setInterval(() => {
  const silence = performance.now() - lastNews;
  if (silence > 4000)
    setLive(false, refusal ?? `Nothing heard for ${time(silence / 1000)}: the process has ended, or does not answer`);
  if (source.readyState === EventSource.CLOSED || Math.min(silence, performance.now() - asked) > 5000) listen();
}, 2000);

let typing = 0;
find("filter").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    filter = find("filter").value.trim();
    listen();
  }, 250);
});
find("show-more").addEventListener("click", () => {
  shown = Math.min(shown * 2, 1000);
  listen();
});
listen();

// Measures how a room of 100,000 messages reads: see "How fast it reads" in web/README.md. Not part of the tests.
//
//     node measure/large-room.mjs             all of it, at full speed and at a quarter
//     COUNT=20000 SCROLL=5000 THROTTLES=1 …   a smaller room, a shorter way
//
// The filled room is kept in artifacts/measure/, so that the next run, with another client, measures the same messages.
import { mkdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../lib/browser.mjs";
import { PASSWORD } from "../lib/person.mjs";
import { startServer } from "../lib/server.mjs";
import { until } from "../lib/until.mjs";
import { authors, fill, roomOf } from "./fill.mjs";
import { watch } from "./in-the-page.mjs";

const COUNT = Number(process.env.COUNT ?? 100_000);
/** So many messages one scrolls through by the wheel, as fast as the page takes it. */
const SCROLL = Number(process.env.SCROLL ?? 20_000);
const THROTTLES = (process.env.THROTTLES ?? "1,4").split(",").map(Number);
const FOLDER = fileURLToPath(new URL(`../../artifacts/measure/${COUNT}/`, import.meta.url));
const NO_LIMIT = "1000000/s+1000000";

const QUICK_NOTCH_PX = 480;
/** What somebody who looks for something does: some 6,000 px a second. */
const STEADY_NOTCH_PX = 100;
const STEADY_MS = 15_000;
const PAGE_UPS = 60;
const ARRIVALS_PER_S = 50;
const LETTERS = 120;
const PATIENCE_MS = 120_000;

async function main() {
  await mkdir(FOLDER, { recursive: true });
  const server = await startServer({ data: FOLDER, "sends-per-account": NO_LIMIT, "frames-per-connection": NO_LIMIT });
  const browser = await openBrowser();
  try {
    const people = await authors(server.url);
    const room = await roomOf(people, "Measured");
    await fill(people, room, COUNT, say);
    for (const throttle of THROTTLES) {
      say(`--- processor ${throttle === 1 ? "as it is" : `slowed down ${throttle} times`}`);
      await measure(browser, server, people, await roomOf(people, "Measured"), throttle);
    }
    for (const author of people) author.leaves();
  } finally {
    await browser.close();
    await server.remove();
  }
}

async function measure(browser, server, people, room, throttle) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(watch);
  const headers = { origin: server.url };
  await context.request.post("/api/v1/sessions", { data: { login: "alma", password: PASSWORD }, headers });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  const is = { page, devtools, people, room };
  await begins(is);
  await scrollsQuickly(is);
  await scrollsSteadily(is);
  await pagesUp(is);
  await jumps(is);
  await writes(is);
  say(`memory at the end: ${await heap(is)} MiB`);
  await context.close();
}

async function begins({ page, devtools, room }) {
  const at = performance.now();
  await page.goto(`/c/${room.id}`);
  await page.waitForFunction(() => document.querySelectorAll(".log [data-seq]").length > 10);
  await page.getByRole("textbox", { name: /^Write to/ }).waitFor();
  say(`first load to the log shown: ${ms(performance.now() - at)}`);
  say(`memory at the beginning: ${await heap({ page, devtools })} MiB`);
}

async function scrollsQuickly({ page }) {
  const [, last] = await held(page);
  const goal = Math.max(1, last - SCROLL);
  await page.mouse.move(700, 400);
  await page.evaluate(() => window.__measure.begin());
  const at = performance.now();
  let first = last;
  while (first > goal) {
    for (let notch = 0; notch < 20; notch += 1) await page.mouse.wheel(0, -QUICK_NOTCH_PX);
    [first] = await held(page);
    if (performance.now() - at > PATIENCE_MS * 2) break;
  }
  const took = performance.now() - at;
  const seen = await page.evaluate(() => window.__measure.end());
  say(`wheel, as fast as it goes: ${last - first} messages in ${ms(took)}; ${told(seen)}`);
}

async function scrollsSteadily({ page }) {
  await page.evaluate(() => window.__measure.begin());
  const [before] = await held(page);
  const at = performance.now();
  while (performance.now() - at < STEADY_MS) {
    await page.mouse.wheel(0, -STEADY_NOTCH_PX);
    await pause(16);
  }
  const [first] = await held(page);
  say(`wheel, steady: ${before - first} messages in ${ms(STEADY_MS)}; ${told(await page.evaluate(() => window.__measure.end()))}`);
}

async function pagesUp({ page }) {
  await page.evaluate(() => {
    const box = document.querySelector(".log");
    const { top } = box.getBoundingClientRect();
    const rows = [...box.querySelectorAll("[data-seq]")];
    rows.find((row) => row.getBoundingClientRect().top > top)?.focus({ preventScroll: true });
    window.__measure.begin();
  });
  const [before] = await held(page);
  for (let count = 0; count < PAGE_UPS; count += 1) {
    await page.keyboard.press("PageUp");
    await pause(120);
  }
  const [first] = await held(page);
  say(`Page Up ${PAGE_UPS} times: ${before - first} messages; ${told(await page.evaluate(() => window.__measure.end()))}`);
}

async function jumps({ page, room }) {
  const seq = Math.floor(COUNT / 2);
  let at = performance.now();
  await page.evaluate((path) => history.pushState(null, "", path), `/c/${room.id}/${seq}`);
  await page.waitForFunction((wanted) => window.__measure.isInView(wanted), seq);
  say(`to message ${seq} by its link: ${ms(performance.now() - at)}`);
  const { last_seq } = room;
  at = performance.now();
  await page.getByRole("button", { name: /go to the latest/ }).click();
  await page.waitForFunction((wanted) => window.__measure.held()[1] >= wanted, last_seq);
  await page.getByRole("button", { name: /go to the latest/ }).waitFor({ state: "detached" });
  say(`back to the latest: ${ms(performance.now() - at)}`);
}

/** The log holds as much as it ever does, and messages arrive at its end. */
async function writes(is) {
  const { page, people, room } = is;
  await fillsWindow(page);
  let isOver = false;
  const arriving = (async () => {
    for (let count = 0; !isOver; count += 1) {
      people[1 + (count % 3)].sends(room.id, `Arriving ${count}, while somebody writes.`);
      await pause(1_000 / ARRIVALS_PER_S);
    }
  })();
  const box = page.getByRole("textbox", { name: /^Write to/ });
  await box.focus();
  const [, before] = await held(page);
  const at = performance.now();
  await page.evaluate(() => window.__measure.begin());
  for (let count = 0; count < LETTERS; count += 1) {
    await page.keyboard.press(count % 6 === 5 ? "Space" : "a");
    await pause(80);
  }
  const took = performance.now() - at;
  const seen = await page.evaluate(() => window.__measure.end());
  const [, after] = await held(page);
  isOver = true;
  await arriving;
  await box.fill("");
  const { keys } = seen;
  const rate = Math.round(((after - before) / took) * 1_000);
  say(`writing while ${rate} messages a second arrive, up to ${seen.rowsMax} held: key to picture median ${ms(share(keys, 0.5))}, p95 ${ms(share(keys, 0.95))}, worst ${ms(share(keys, 1))}; ${told(seen)}`);
}

/** Up until nothing more fits without giving up the end, and back. */
async function fillsWindow(page) {
  const count = () => page.evaluate(() => document.querySelectorAll(".log [data-seq]").length);
  const fits = Number(process.env.FITS ?? 550);
  await page.mouse.move(700, 400);
  while ((await count()) < fits) {
    const before = await count();
    await page.evaluate(() => document.querySelector(".log").scrollTo(0, 300));
    await until("a page has come", async () => (await count()) !== before, PATIENCE_MS);
  }
  await page.getByRole("button", { name: /go to the latest/ }).click();
  await page.getByRole("button", { name: /go to the latest/ }).waitFor({ state: "detached" });
}

function held(page) {
  return page.evaluate(() => window.__measure.held());
}

/** In MiB, after what nobody needs was thrown away. */
async function heap({ devtools }) {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return (usedSize / 1024 / 1024).toFixed(1);
}

function told({ frames, waits, rowsMax }) {
  const blank = waits.length === 0 ? "never blank" : `blank ${waits.length} times, at most ${ms(Math.max(...waits))}`;
  return `frames median ${ms(share(frames, 0.5))}, p95 ${ms(share(frames, 0.95))}, worst ${ms(share(frames, 1))}; ${blank}; at most ${rowsMax} rows`;
}

function share(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function ms(time) {
  return time >= 10_000 ? `${(time / 1_000).toFixed(1)} s` : `${time.toFixed(time < 100 ? 1 : 0)} ms`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

await main();

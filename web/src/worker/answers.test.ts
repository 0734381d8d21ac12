// What the service worker keeps: its own build's files, and nothing that stood in their way.
import { expect, it } from "vitest";
import { isFile, isPage } from "./answers.ts";

const SCRIPT = "/assets/index-0123abcd.js";

function answer(type: string, body = "", more: ResponseInit = {}): Response {
  return new Response(body, { headers: { "content-type": type }, ...more });
}

it("a file is kept as it came", () => {
  expect(isFile(SCRIPT, answer("text/javascript"))).toBe(true);
  expect(isFile("/assets/a.woff2", answer("font/woff2"))).toBe(true);
  expect(isFile("/index.html", answer("text/html; charset=utf-8"))).toBe(true);
});

it("a page that wants one to sign in to the network is not kept for a file", () => {
  expect(isFile(SCRIPT, answer("text/html", "<h1>Welcome to the airport</h1>"))).toBe(false);
  const elsewhere = answer("text/javascript");
  Object.defineProperty(elsewhere, "redirected", { value: true });
  expect(isFile(SCRIPT, elsewhere)).toBe(false);
  expect(isFile("/index.html", answer("text/plain"))).toBe(false);
  expect(isFile(SCRIPT, answer("text/javascript", "", { status: 206 }))).toBe(false);
});

it("the page is kept only if it begins this build", async () => {
  const page = answer("text/html", `<script type="module" src="${SCRIPT}"></script>`);
  expect(await isPage(SCRIPT, page)).toBe(true);
  expect(await page.text()).toContain(SCRIPT);
  expect(await isPage("/assets/index-ffffffff.js", answer("text/html", SCRIPT))).toBe(false);
  expect(await isPage(SCRIPT, answer("text/html", "<h1>Welcome to the airport</h1>"))).toBe(false);
});

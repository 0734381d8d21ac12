// Where the service worker answers: at the client's own addresses and nowhere else.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { isAddress } from "./addresses.ts";

const APP = resolve(import.meta.dirname, "../app");

it("every address of the client's router can be opened without a network", () => {
  const sources = readdirSync(APP).filter((name) => name.endsWith(".tsx"));
  const routes = sources.flatMap((name) => {
    const found = readFileSync(resolve(APP, name), "utf8").matchAll(/<Route path="([^"]+)"/g);
    return [...found].map(([, path = ""]) => path);
  });
  expect(routes.length).toBeGreaterThan(8);
  for (const route of routes) {
    const path = route.replace(":id", "7").replace(":code", "0123").replace("*?", "details");
    expect({ path, is: isAddress(path) }).toEqual({ path, is: true });
  }
});

it("what is the server's goes to the server", () => {
  const others = ["/api/v1/me", "/docs", "/docs/", "/lite/", "/lite/c/7", "/ws/1", "/chats", "/c/", "/join/"];
  for (const path of [...others, "/assets/index.js", "/sw.js", "/socket.io/", "/healthz", "/c", "/logins"]) {
    expect({ path, is: isAddress(path) }).toEqual({ path, is: false });
  }
});

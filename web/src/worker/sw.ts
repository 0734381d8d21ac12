// The service worker: opens the page where there is no network, and keeps the files of one build for it. What people say
// to each other never passes through here: everything but the page and its own files goes to the server untouched.
import { isAddress } from "./addresses.ts";
import { isFile, isPage } from "./answers.ts";
import type { Build, Greeting } from "./messages.ts";

declare const self: ServiceWorkerGlobalScope;
/** Put in front of this file by the build (`vite/worker.ts`). */
declare const BUILD: Build;

const PREFIX = "parlor-shell-";
const CACHE = PREFIX + BUILD.version;
const PAGE = "/index.html";

/** So long the server has to answer before the kept page is shown: a new version shows at once where it can. */
const PAGE_MS = 3_000;

/** A proxy says in the server's place that it is away. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/** Somebody took the offer of a newer build: the next page is the server's, however long it takes. */
let isNewestWanted = false;

const files: ReadonlySet<string> = new Set([...BUILD.shell, ...BUILD.parts].filter((path) => path !== PAGE));

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  const { script, used, wantsNewest } = event.data as Greeting;
  if (wantsNewest) isNewestWanted = true;
  // A page of this build is open: no earlier build is needed any more.
  if (script === BUILD.script) void self.skipWaiting();
  else event.source?.postMessage("other build");
  event.waitUntil(keep(used.filter((path) => BUILD.parts.includes(path))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (isAddress(pathname)) event.respondWith(page(request));
  } else if (files.has(pathname)) {
    event.respondWith(file(event, pathname).catch(() => fetch(request)));
  }
});

/** All of it or nothing. */
async function install(): Promise<void> {
  const paths = [...BUILD.shell, ...(await usedBefore())];
  const came = await Promise.all(paths.map(async (path) => [path, await fetched(path)] as const));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(came.map(([path, response]) => cache.put(path, response)));
  } catch (error) {
    // The device is full.
    await caches.delete(CACHE);
    throw error;
  }
}

/** Fails for what is not of this build. */
async function fetched(path: string): Promise<Response> {
  // A name with a hash says what is in it; of the others the browser may have an older one.
  const response = await fetch(path, { cache: path.startsWith("/assets/") ? "default" : "no-cache" });
  if (!isFile(path, response) || (path === PAGE && !(await isPage(BUILD.script, response))))
    throw new Error(`${path} is not of this build`);
  return response;
}

/** Parts that somebody used in an earlier build: the words of their language are among them. */
async function usedBefore(): Promise<string[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  const stems = new Set(kept.flat().map(({ url }) => stemOf(new URL(url).pathname)));
  return BUILD.parts.filter((path) => stems.has(stemOf(path)));
}

/** The name of a file without its hash, which is behind the last line. */
function stemOf(path: string): string {
  return path.replace(/-[\w-]{8}(?=\.\w+$)/, "");
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  // The page that is open was loaded without us: what it loads from now on is kept.
  await self.clients.claim();
}

/** Keeps what a page loaded before there was anybody to keep it. */
async function keep(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const path of paths) {
    // What does not come now is kept when it is used again.
    if (!(await cache.match(path)))
      await fetched(path)
        .then((response) => cache.put(path, response))
        .catch(() => {});
  }
}

/** The server's page; the kept one if it does not come. */
async function page(request: Request): Promise<Response> {
  const coming = fetch(request).catch(() => null);
  const late = new Promise<null>((done) => setTimeout(() => done(null), PAGE_MS));
  const first = await (isNewestWanted ? coming : Promise.race([coming, late]));
  isNewestWanted = false;
  if (first && !AWAY.has(first.status)) return first;
  // Of any build: the next one may just be taking over.
  return (await caches.match(PAGE)) ?? (await coming) ?? Response.error();
}

/** A file of this build: its name or its build says what is in it, so the kept one is right. */
async function file(event: FetchEvent, path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const response = await fetch(event.request);
  // The page need not wait until it is written.
  if (isFile(path, response)) event.waitUntil(cache.put(path, response.clone()));
  return response;
}

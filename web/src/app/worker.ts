// The page's side of its service worker. Where there is none (no TLS, or switched off) everything works but opening the
// page without a network.
import type { Greeting } from "../worker/messages.ts";

/** The worker of another build than this page's is there. */
export const OTHER_BUILD = "parlor-other-build";

/** A worker that was installed just now is spoken to a little later: Chromium loses it if it takes over at once. */
const SETTLE_MS = 2_000;
/** How often one that waits is spoken to, in case that it was lost nevertheless. */
const GREETINGS_MAX = 5;

const ADDRESS = "/sw.js";

/** What browsers that know trusted types have; the types of the DOM do not say it yet. */
interface Trusting {
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(): string },
    ): { createScriptURL(address: string): string };
  };
}

/** The entry of this page, as `entryOf` finds it. */
export function runningScript(): string | null {
  return [...document.querySelectorAll('script[type="module"][src]')].at(-1)?.getAttribute("src") ?? null;
}

/** Where it is refused, the page works without. */
export function startWorker(): void {
  register().catch(() => {});
}

async function register(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  serviceWorker.addEventListener("message", () => window.dispatchEvent(new Event(OTHER_BUILD)));
  const registration = await serviceWorker.register(trusted(), { updateViaCache: "none" });
  const meet = (worker: ServiceWorker | null) => {
    if (worker?.state === "installing") worker.addEventListener("statechange", () => greetWaiting(worker));
    else if (worker?.state === "installed") greetWaiting(worker);
    else if (worker) greet(worker);
  };
  registration.addEventListener("updatefound", () => meet(registration.installing));
  for (const worker of [registration.installing, registration.waiting, registration.active]) meet(worker);
}

/** The worker's address, which the server's content security policy lets this policy alone give out. */
function trusted(): string {
  const policy = (window as Trusting).trustedTypes?.createPolicy("parlor", {
    createScriptURL: () => ADDRESS,
  });
  return policy?.createScriptURL(ADDRESS) ?? ADDRESS;
}

function greetWaiting(worker: ServiceWorker, left = GREETINGS_MAX): void {
  setTimeout(() => {
    if (worker.state !== "installed" || left === 0) return;
    greet(worker);
    greetWaiting(worker, left - 1);
  }, SETTLE_MS);
}

/** Loads the page again, in the newest build: the kept page does not stand in for it, however slow the network is. */
export function loadNewest(): void {
  const worker = navigator.serviceWorker?.controller;
  if (worker) greet(worker, true);
  location.reload();
}

function greet(worker: ServiceWorker, wantsNewest = false): void {
  if (worker.state === "redundant") return;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  const greeting: Greeting = { script: runningScript() ?? "", used: [...new Set(loaded)], wantsNewest };
  worker.postMessage(greeting);
}

// The page's side of its service worker. Where there is none (no TLS, or switched off) everything works but opening the
// page without a network.
import type { Greeting } from "../worker/messages.ts";

/** The worker of another build than this page's is there. */
export const OTHER_BUILD = "parlor-other-build";

/** Waiting for the worker of the newest build ends then: the page is loaded again all the same. */
const NEWEST_MS = 4_000;

export function runningScript(): string | null {
  return document.querySelector('script[type="module"][src]')?.getAttribute("src") ?? null;
}

/** Where it is refused, the page works without. */
export function startWorker(): void {
  register().catch(() => {});
}

async function register(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  serviceWorker.addEventListener("message", () => window.dispatchEvent(new Event(OTHER_BUILD)));
  const registration = await serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const meet = (worker: ServiceWorker | null) => {
    if (worker?.state === "installing") worker.addEventListener("statechange", () => greet(worker));
    else if (worker) greet(worker);
  };
  registration.addEventListener("updatefound", () => meet(registration.installing));
  for (const worker of [registration.installing, registration.waiting, registration.active]) meet(worker);
}

/** Has the newest build take over, if it comes soon: the next load of the page is then one of it, however slow the
 * network is. */
export async function toNewest(): Promise<void> {
  const late = new Promise<void>((done) => setTimeout(done, NEWEST_MS));
  await Promise.race([exchange().catch(() => {}), late]);
}

async function exchange(): Promise<void> {
  const { serviceWorker } = navigator;
  const registration = await serviceWorker?.getRegistration();
  if (!registration) return;
  await registration.update();
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return;
  await new Promise<void>((done) => {
    const look = () => {
      if (worker.state === "installed") greet(worker, true);
      else if (worker.state !== "installing" && worker.state !== "activating") done();
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

function greet(worker: ServiceWorker, isWanted = false): void {
  if (worker.state === "redundant") return;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  const greeting: Greeting = { script: runningScript() ?? "", used: [...new Set(loaded)], isWanted };
  worker.postMessage(greeting);
}

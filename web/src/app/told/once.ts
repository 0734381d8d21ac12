// Several windows of one browser see the same: one of them tells it, and none where one of them shows it already.
import { readItem, writeItem } from "../../lib/storage.ts";

const TELLING = "parlor.telling";
/** By then every window sees what one of them has written down. */
const WRITTEN_MS = 10_000;

const lookingName = (account: number, conversation: number) => `parlor.looking.${account}.${conversation}`;

/** Says to the other windows that somebody looks at this conversation here, until it is called back. A lock ends with
 * its window, however that ends. */
export function lookAt(account: number, conversation: number): () => void {
  const ended = new AbortController();
  const until = new Promise<void>((resolve) => ended.signal.addEventListener("abort", () => resolve()));
  navigator.locks
    ?.request(lookingName(account, conversation), { mode: "shared" }, () => until)
    .catch(() => {});
  return () => ended.abort();
}

/** Calls `tell` unless another window told it, or somebody looks at the conversation in another window. */
export async function once(
  account: number,
  conversation: number,
  what: "message" | "request",
  mark: string,
  tell: () => void,
): Promise<void> {
  const claim = async () => {
    const key = `parlor.${account}.told.${what}.${conversation}`;
    const told = readItem(key);
    const isTold = what === "message" ? Number(told ?? 0) >= Number(mark) : told === mark;
    if (isTold || !(await isFirst(`${key}.${mark}`))) return;
    writeItem(key, mark);
    if (!(await isLookedAtElsewhere(account, conversation))) tell();
  };
  // A page without TLS has no locks: its windows may tell a thing twice, if they see it in the same moment.
  if (navigator.locks) await navigator.locks.request(TELLING, claim);
  else await claim();
}

/** What another window writes down is seen here a moment later; who holds a lock is known at once. */
async function isFirst(name: string): Promise<boolean> {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    const hold = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock ? new Promise((written) => setTimeout(written, WRITTEN_MS)) : undefined;
    };
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(() => resolve(true));
  });
}

async function isLookedAtElsewhere(account: number, conversation: number): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === lookingName(account, conversation));
}

// Where the browser keeps the recent history of whoever is signed in: one database for one account. Plain IndexedDB,
// because what is needed of it is less than what a library for it weighs. Wherever it is blocked, full or broken,
// nothing is kept and the page begins with the server, as without it.
import { readItem, writeItem } from "../lib/storage.ts";
import type { CopyStore } from "../sync/keeper.ts";
import { type KeptHead, type KeptTalk, restored } from "../sync/kept.ts";
import type { State } from "../sync/state.ts";

const DATABASE = "parlor";
const STORE = "copy";
/** The key of everything but the messages. Those of a conversation stand under its id. */
const HEAD = 0;
/** Whose the copy is. Other windows look here before they write: somebody may have signed out or in meanwhile. */
const OWNER = "parlor.kept";

/** A database that takes longer is not waited for: the server may be quicker. */
const READ_MS = 1_000;

let opening: Promise<IDBDatabase> | null = null;

/** What was kept, whoever it belongs to; `null`: nothing that can be used. */
export async function readCopy(): Promise<State | null> {
  const account = Number(readItem(OWNER));
  if (!account) return null;
  try {
    const late = new Promise<null>((done) => setTimeout(() => done(null), READ_MS));
    return await Promise.race([read(account), late]);
  } catch {
    return null;
  }
}

/** From now on the copy is this account's. */
export async function ownCopy(account: number): Promise<void> {
  if (readItem(OWNER) !== String(account)) await clearCopy();
  writeItem(OWNER, String(account));
}

/** Whoever signs out leaves no message behind. */
export async function clearCopy(): Promise<void> {
  writeItem(OWNER, null);
  await change((store) => store.clear());
}

export const copyStore: CopyStore = {
  save(head, talks, gone) {
    void change((store) => {
      // Asked when it is written: whoever signs out meanwhile has it cleared before or after this.
      if (readItem(OWNER) !== String(head.me.id)) return;
      store.put(head, HEAD);
      for (const talk of talks) store.put(talk, talk.summary.id);
      for (const id of gone) store.delete(id);
    });
  },
};

async function read(account: number): Promise<State | null> {
  const store = (await open()).transaction(STORE).objectStore(STORE);
  const [found, talks] = await Promise.all([
    answer<KeptHead | undefined>(store.get(HEAD)),
    answer<KeptTalk[]>(store.getAll(IDBKeyRange.lowerBound(HEAD, true))),
  ]);
  return found ? restored(account, found, talks) : null;
}

/** All that is done to the store, or nothing. */
async function change(perform: (store: IDBObjectStore) => void): Promise<void> {
  try {
    const work = (await open()).transaction(STORE, "readwrite");
    perform(work.objectStore(STORE));
    await new Promise((done, failed) => {
      work.oncomplete = done;
      work.onabort = failed;
    });
  } catch {
    // Blocked or full: what is there stays as it was.
  }
}

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((done, failed) => {
    // The shape of what is inside is told by the entries: the database itself never changes.
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  }).then((database) => {
    // The browser may close it, or somebody deletes it.
    const forget = () => {
      opening = null;
    };
    database.onclose = forget;
    database.onversionchange = () => {
      forget();
      database.close();
    };
    return database;
  });
  opening.catch(() => {
    opening = null;
  });
  return opening;
}

function answer<T>(request: IDBRequest): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
}

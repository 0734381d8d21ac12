// A server, a clock, and people who use the local copy.
import type { Me } from "../../api/types.ts";
import type { DeletionStorage } from "../deleting.ts";
import { type CopyStore, createKeeper, type Keeper } from "../keeper.ts";
import { restored } from "../kept.ts";
import type { OutboxStorage } from "../sending.ts";
import type { Deletion, Outgoing, State } from "../state.ts";
import { createSync, type Sync } from "../sync.ts";
import { type TestClock, testClock } from "./clock.ts";
import { FakeServer } from "./fake-server.ts";

export interface World {
  server: FakeServer;
  clock: TestClock;
  /** Somebody with an account. */
  person(name: string): Me;
  /** Somebody's browser, signed in and connected; `storage` is what it kept from before. */
  browser(me: Me, storage?: TestStorage): Promise<Browser>;
  /** The same page opened again: the old one is gone, without a last word unless it `saysGoodbye`. */
  again(browser: Browser, saysGoodbye: boolean): Promise<Browser>;
}

export interface Browser {
  me: Me;
  sync: Sync;
  keeper: Keeper;
  storage: TestStorage;
  signOuts: number;
  /** Whoever else the connection turned out to be. */
  takenBy: number | null;
  bodies(conversation: number): (string | null)[];
  unread(conversation: number): number | undefined;
}

export interface TestStorage extends OutboxStorage {
  entries: Map<string, Outgoing>;
  /** The kept copy, as text, so that nothing of it is shared. */
  head: string | null;
  talks: Map<number, string>;
  deletions: DeletionStorage & { entries: Map<number, Deletion> };
}

export function testStorage(): TestStorage {
  const entries = new Map<string, Outgoing>();
  const deletions = new Map<number, Deletion>();
  return {
    entries,
    head: null,
    talks: new Map(),
    deletions: {
      entries: deletions,
      load: () => [...deletions.values()],
      save: (entry) => deletions.set(entry.message, entry),
      remove: (message) => deletions.delete(message),
    },
    load: () =>
      [...entries.values()].map((entry) => ({
        ...entry,
        state: entry.state === "failed" ? "failed" : "queued",
      })),
    save: (entry) => entries.set(entry.cid, entry),
    remove: (cid) => entries.delete(cid),
  };
}

/** The kept copy as a later start finds it. */
export function keptIn({ head, talks }: TestStorage, account: number): State | null {
  if (head === null) return null;
  return restored(
    account,
    JSON.parse(head),
    [...talks.values()].map((talk) => JSON.parse(talk)),
  );
}

function storeIn(storage: TestStorage): CopyStore {
  return {
    save(head, talks, gone) {
      storage.head = JSON.stringify(head);
      for (const talk of talks) storage.talks.set(talk.summary.id, JSON.stringify(talk));
      for (const id of gone) storage.talks.delete(id);
    },
  };
}

export function world(): World {
  const server = new FakeServer();
  const clock = testClock();
  async function browser(me: Me, storage = testStorage()): Promise<Browser> {
    const kept = keptIn(storage, me.id);
    const sync = createSync({
      me,
      kept,
      api: server.api(me.id),
      connect: server.connect(me.id),
      clock,
      random: () => 0.5,
      fill: (bytes) => crypto.getRandomValues(bytes),
      storage,
      deletionStorage: storage.deletions,
      onSignedOut: () => {
        browser.signOuts += 1;
      },
      onSomebodyElse: (other) => {
        browser.takenBy = other.id;
      },
    });
    const browser: Browser = {
      storage,
      sync,
      me,
      keeper: createKeeper({ sync, clock, store: storeIn(storage), whenIdle: (call) => call() }),
      signOuts: 0,
      takenBy: null,
      bodies: (id) => sync.state().conversations[id]?.window?.messages.map(({ body }) => body) ?? [],
      unread: (id) => sync.state().conversations[id]?.summary.unread,
    };
    sync.start(true);
    await clock.pass(0);
    return browser;
  }
  return {
    server,
    clock,
    person: (name) => server.person(name),
    browser,
    async again(old, saysGoodbye) {
      if (saysGoodbye) {
        old.keeper.flush();
        old.sync.deleteNow();
      }
      old.keeper.stop();
      old.sync.stop();
      return browser(old.me, old.storage);
    },
  };
}

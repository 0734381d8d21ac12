// A server, a clock, and people who use the local copy.
import type { Me } from "../../api/types.ts";
import type { Outgoing } from "../state.ts";
import { createSync, type OutboxStorage, type Sync } from "../sync.ts";
import { type TestClock, testClock } from "./clock.ts";
import { FakeServer } from "./fake-server.ts";

export interface World {
  server: FakeServer;
  clock: TestClock;
  /** Somebody with an account. */
  person(name: string): Me;
  /** Somebody's browser, signed in and connected; `storage` is what it kept from before. */
  browser(me: Me, storage?: TestStorage): Promise<Browser>;
}

export interface Browser {
  sync: Sync;
  storage: TestStorage;
  signOuts: number;
  bodies(conversation: number): (string | null)[];
  unread(conversation: number): number | undefined;
}

export interface TestStorage extends OutboxStorage {
  entries: Map<string, Outgoing>;
}

export function testStorage(): TestStorage {
  const entries = new Map<string, Outgoing>();
  return {
    entries,
    load: () =>
      [...entries.values()].map((entry) => ({
        ...entry,
        state: entry.state === "failed" ? "failed" : "queued",
      })),
    save: (entry) => entries.set(entry.cid, entry),
    remove: (cid) => entries.delete(cid),
  };
}

export function world(): World {
  const server = new FakeServer();
  const clock = testClock();
  return {
    server,
    clock,
    person: (name) => server.person(name),
    async browser(me, storage = testStorage()) {
      const browser: Browser = {
        storage,
        signOuts: 0,
        sync: createSync({
          me,
          api: server.api(me.id),
          connect: server.connect(me.id),
          clock,
          random: () => 0.5,
          fill: (bytes) => crypto.getRandomValues(bytes),
          storage,
          onSignedOut: () => {
            browser.signOuts += 1;
          },
        }),
        bodies: (id) =>
          browser.sync.state().conversations[id]?.window?.messages.map(({ body }) => body) ?? [],
        unread: (id) => browser.sync.state().conversations[id]?.summary.unread,
      };
      browser.sync.start(true);
      await clock.pass(0);
      return browser;
    },
  };
}

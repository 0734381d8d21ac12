// Many short random histories with a bad network, in which the page is opened again from what it kept: at the end the copy
// equals one made afresh, and nothing that was typed or deleted is lost, doubled or out of order. A failing seed can be run alone.
import { expect, it } from "vitest";
import type { PreferencesChange } from "../../api/types.ts";
import { world } from "./world.ts";

const SEEDS = 150;
const STEPS = 80;

/** mulberry32: small, and the same everywhere. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function history(seed: number): Promise<void> {
  const pick = chance(seed);
  const { server, clock, person, browser, again } = world();
  const ana = person("Ana");
  const ben = person("Ben");
  const cem = person("Cem");
  const room = server.room("room", "Kitchen garden", [ana, ben]);
  let hers = await browser(ana);
  let isReload = false;
  hers.sync.open(room);
  const typed: string[] = [];
  // My own messages that I deleted, and those of them that I may still take back.
  const deleted = new Set<string>();
  const pickMine = () => {
    const mine = hers.sync.state().conversations[room]?.window?.messages ?? [];
    const own = mine.filter(({ author, deleted_at }) => author.id === ana.id && deleted_at === null);
    return own[pick(Math.max(1, own.length))];
  };
  const pickDeletion = () => {
    const { deletions } = hers.sync.state();
    return deletions[pick(Math.max(1, deletions.length))];
  };
  const bodyOf = (id: number) => server.messages(room).find((message) => message.id === id)?.body ?? "";
  const change = (how: (id: number) => void) => {
    const written = server.messages(room).filter((message) => message.author.id === ben.id);
    const message = written[pick(Math.max(1, written.length))];
    if (message) how(message.id);
  };
  const prefer = (how: (change: PreferencesChange) => void) => {
    const moment = pick(2) ? "2026-11-22T08:00:00.000Z" : null;
    const notify = (["usual", "all", "mentions", "nothing"] as const)[pick(4)];
    const changes = [{ favourite: pick(2) === 0 }, { muted_until: moment }, notify && { notify }];
    how(changes[pick(3)] ?? {});
  };
  const steps: (() => void)[] = [
    () => server.post(ben.id, room, pick(3) === 0 ? "hello @ana" : "hello"),
    () => server.post(ben.id, room, "hello"),
    () => {
      typed.push(`typed ${typed.length}`);
      hers.sync.send(room, typed.at(-1) ?? "", null);
    },
    () => change((id) => server.edit(id, "mended @ana")),
    () => change((id) => server.remove(id)),
    () => change((id) => server.react(id, ben.id, "👍")),
    () => {
      const message = pickMine();
      if (message) {
        hers.sync.delete(message);
        deleted.add(message.body ?? "");
      }
    },
    () => {
      const entry = pickDeletion();
      if (entry?.state !== "waiting") return;
      deleted.delete(bodyOf(entry.message));
      hers.sync.undelete(entry.message);
    },
    () => {
      const entry = pickDeletion();
      if (entry) hers.sync.deleteNow(entry.message);
    },
    () => {
      server.dropAnswers = pick(2);
    },
    () => server.setMembership(cem.id, room, pick(2) ? "active" : "left"),
    () => server.rename(room, `Garden ${pick(100)}`),
    () => server.read(ana.id, room, pick(server.messages(room).length + 1)),
    () => hers.sync.read(room, pick(server.messages(room).length + 1)),
    () => hers.sync.loadOlder(room),
    () => hers.sync.open(pick(2) ? room : null),
    () => server.cut(),
    () => {
      server.isUp = pick(3) > 0;
    },
    () => {
      server.dropAcks = pick(2);
    },
    () => {
      // A real server that drops events says so; the client must not depend on when.
      server.dropEvents = 1;
      server.post(ben.id, room, "dropped on the way");
      server.dropEvents = 0;
    },
    () => hers.keeper.flush(),
    () => {
      isReload = true;
    },
    () => prefer((change) => hers.sync.prefer(room, change).catch(() => {})),
    () => prefer((change) => hers.sync.prefer(room, change).catch(() => {})),
    // From another device of hers.
    () => prefer((change) => server.prefer(ana.id, room, change)),
    () => {
      server.refusals = [{ code: "busy", final: false, retry_after_ms: pick(900) }];
    },
  ];
  for (let step = 0; step < STEPS; step += 1) {
    steps[pick(steps.length)]?.();
    if (isReload) {
      isReload = false;
      // From what was written at last, just now or a while ago.
      hers = await again(hers, pick(2) > 0);
      if (pick(2)) hers.sync.open(room);
    }
    if (pick(2)) await clock.pass(pick(4) === 0 ? pick(3_000) : 0);
  }
  server.isUp = true;
  server.dropAcks = 0;
  server.dropAnswers = 0;
  server.refusals = [];
  hers.sync.open(room);
  hers.sync.deleteNow();
  await clock.pass(120_000);
  // What a lost page could still have taken back.
  if (hers.storage.deletions.entries.size > 0) {
    hers = await again(hers, true);
    hers.sync.open(room);
    await clock.pass(2_000);
  }
  server.post(ben.id, room, "the end");
  await clock.pass(2_000);

  const fresh = await browser(ana);
  fresh.sync.open(room);
  await clock.pass(2_000);
  const shown = hers.sync.state().conversations[room];
  const truth = fresh.sync.state().conversations[room];
  const len = truth?.window?.messages.length ?? 0;
  expect(shown?.window?.messages.slice(-len), `seed ${seed}`).toEqual(truth?.window?.messages);
  expect(shown?.summary, `seed ${seed}`).toEqual(truth?.summary);
  expect(shown?.members, `seed ${seed}`).toEqual(truth?.members);
  expect(hers.sync.state().outbox, `seed ${seed}`).toEqual([]);
  expect(hers.sync.state().deletions, `seed ${seed}`).toEqual([]);
  expect(hers.storage.deletions.entries.size, `seed ${seed}`).toBe(0);
  const stored = server.messages(room).filter(({ author }) => author.id === ana.id);
  expect(
    stored.map(({ body }) => body),
    `seed ${seed}`,
  ).toEqual(typed.map((text) => (deleted.has(text) ? null : text)));
}

it("after any history with a bad network the copy is right and nothing typed is lost", async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) await history(seed);
}, 60_000);

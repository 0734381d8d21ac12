// The copy that is kept on the device: what a page shows that is opened without a network, and what it is brought up to.
import { describe, expect, it } from "vitest";
import { KEEP_EVERY_MS, KEPT_MAX, WINDOW_LEN_KEPT } from "../limits.ts";
import { createSync } from "../sync.ts";
import { keptIn, testStorage, type World, world } from "./world.ts";

async function story() {
  const w = world();
  const ana = w.person("Ana");
  const ben = w.person("Ben");
  const room = w.server.room("room", "Kitchen garden", [ana, ben]);
  w.server.post(ben.id, room, "first");
  const hers = await w.browser(ana);
  hers.sync.open(room);
  await w.clock.pass(KEEP_EVERY_MS + 1);
  return { ...w, ana, ben, room, hers };
}

function helloOf(server: World["server"]) {
  return server.heard.findLast(({ frame }) => frame.op === "hello")?.frame;
}

describe("a page that is opened again", () => {
  it("shows the list and the messages without a network, and when it was right", async () => {
    const { server, hers, again, room, clock } = await story();
    const before = clock.now();
    server.isUp = false;
    const later = await again(hers, true);
    later.sync.open(room);
    await clock.pass(5_000);
    expect(later.bodies(room)).toEqual(["first"]);
    expect(later.sync.state().heardAt).toBe(before);
    expect(later.sync.state().ready).toBe(false);
  });

  it("asks for what it missed and for nothing else of the messages", async () => {
    const { server, hers, again, room, ben, clock } = await story();
    hers.keeper.flush();
    hers.sync.stop();
    server.post(ben.id, room, "second");
    server.requests = [];
    const later = await again(hers, false);
    later.sync.open(room);
    await clock.pass(1_000);
    expect(helloOf(server)).toMatchObject({ resume: { epoch: "first", cursors: { [room]: 2 } } });
    expect(later.bodies(room)).toEqual(["first", "second"]);
    expect(server.requests).toEqual([`members ${room} active`]);
  });

  it("sends what was typed without a network, once", async () => {
    const { server, hers, again, room, clock } = await story();
    server.isUp = false;
    server.cut();
    const later = await again(hers, true);
    later.sync.open(room);
    later.sync.send(room, "into the dark", null);
    const last = await again(later, true);
    expect(last.sync.state().outbox.map(({ body }) => body)).toEqual(["into the dark"]);
    server.isUp = true;
    await clock.pass(60_000);
    expect(server.messages(room).map(({ body }) => body)).toEqual(["first", "into the dark"]);
    expect(last.sync.state().outbox).toEqual([]);
  });

  it("says what was read without a network", async () => {
    const { server, hers, again, room, ben, clock } = await story();
    server.post(ben.id, room, "second");
    await clock.pass(100);
    server.isUp = false;
    server.cut();
    hers.sync.read(room, 2);
    const later = await again(hers, true);
    expect(later.unread(room)).toBe(0);
    server.isUp = true;
    await clock.pass(60_000);
    const said = server.heard.map(({ frame }) => frame).filter(({ op }) => op === "read");
    expect(said).toEqual([{ op: "read", conversation: room, seq: 2 }]);
  });

  it("holds no word of a message that was deleted meanwhile", async () => {
    const { server, hers, again, clock, room, ben } = await story();
    const { id } = server.post(ben.id, room, "regretted");
    await clock.pass(KEEP_EVERY_MS + 1);
    server.isUp = false;
    server.cut();
    server.remove(id);
    const later = await again(hers, true);
    const written = () => `${later.storage.head}${[...later.storage.talks.values()]}`;
    expect(written()).toContain("regretted");
    server.isUp = true;
    await clock.pass(60_000);
    expect(later.bodies(room)).toEqual(["first", null]);
    expect(written()).not.toContain("regretted");
  });

  it("throws away what is of another history", async () => {
    const { server, hers, again, clock, room } = await story();
    server.restore("second");
    const later = await again(hers, true);
    later.sync.open(room);
    await clock.pass(KEEP_EVERY_MS + 1_000);
    expect(later.bodies(room)).toEqual(["first"]);
    expect(later.storage.talks.get(room)).toContain('"epoch":"second"');
  });

  it("shows the names that people have now", async () => {
    const { server, hers, again, clock, room, ben } = await story();
    const nameIn = (state: ReturnType<typeof hers.sync.state>) => {
      const author = state.conversations[room]?.window?.messages[0]?.author;
      return author && (state.names[author.id] ?? author).display_name;
    };
    server.tellAccount(1, { op: "account", account: { ...ben, display_name: "Benjamin" } });
    await clock.pass(KEEP_EVERY_MS + 1);
    const later = await again(hers, false);
    expect(nameIn(later.sync.state())).toBe("Benjamin");
    // And who was renamed while nobody heard it.
    ben.display_name = "Benno";
    server.setMembership(ben.id, room, "active");
    later.sync.open(room);
    await clock.pass(1_000);
    expect(nameIn(later.sync.state())).toBe("Benno");
  });

  it("ends when the session is over", async () => {
    const { server, hers, again, clock, ana } = await story();
    server.signedOut.add(ana.id);
    const later = await again(hers, true);
    await clock.pass(1_000);
    expect(later.signOuts).toBe(1);
  });
});

describe("what is kept", () => {
  it("is bounded: the conversations looked at last, and their newest messages", async () => {
    const { server, clock, person, browser } = world();
    const ana = person("Ana");
    const rooms = Array.from({ length: KEPT_MAX + 5 }, (_, at) => server.room("room", `Room ${at}`, [ana]));
    for (const room of rooms) server.post(ana.id, room, `in ${room}`);
    const hers = await browser(ana);
    for (const room of rooms) {
      hers.sync.open(room);
      await clock.pass(300);
    }
    const last = rooms.at(-1) ?? 0;
    for (let count = 0; count < WINDOW_LEN_KEPT + 20; count += 1) server.post(ana.id, last, `${count}`);
    await clock.pass(KEEP_EVERY_MS + 1);
    expect([...hers.storage.talks.keys()].sort((a, b) => a - b)).toEqual(rooms.slice(-KEPT_MAX));
    const kept = keptIn(hers.storage, ana.id);
    expect(kept?.conversations[last]?.window?.messages).toHaveLength(WINDOW_LEN_KEPT);
    expect(kept?.conversations[last]?.window?.hasOlder).toBe(true);
    // The others are in the list all the same.
    expect(Object.keys(kept?.conversations ?? {})).toHaveLength(rooms.length);
    expect(kept?.conversations[rooms[0] ?? 0]?.window).toBeNull();
  });

  it("is somebody's: another account does not see it", async () => {
    const { hers, ben } = await story();
    expect(keptIn(hers.storage, ben.id)).toBeNull();
  });

  it("is not read when it has another shape", async () => {
    const { hers, ana } = await story();
    hers.storage.head = JSON.stringify({ ...JSON.parse(hers.storage.head ?? ""), shape: 0 });
    expect(keptIn(hers.storage, ana.id)).toBeNull();
  });

  it("is right whatever another window wrote of it and when", async () => {
    const { server, hers, browser, again, clock, room, ana, ben } = await story();
    const old = hers.storage.talks.get(room) ?? "";
    server.post(ben.id, room, "second");
    await clock.pass(KEEP_EVERY_MS + 1);
    const storage = { ...testStorage(), head: hers.storage.head, talks: new Map([[room, old]]) };
    const other = await browser(ana, storage);
    await clock.pass(1_000);
    expect(other.bodies(room)).toEqual(["first", "second"]);
    storage.talks.clear();
    const without = await again({ ...other, storage }, false);
    without.sync.open(room);
    await clock.pass(1_000);
    expect(without.bodies(room)).toEqual(["first", "second"]);
  });

  it("is not written while nothing changes", async () => {
    const { hers, clock } = await story();
    hers.storage.head = "untouched";
    await clock.pass(120_000);
    expect(hers.storage.head).toBe("untouched");
  });
});

it("what one typed is never sent in the name of who signed in in another window", async () => {
  const { server, clock, ana, ben, room, browser } = await story();
  const storage = testStorage();
  const first = await browser(ana, storage);
  server.isUp = false;
  server.cut();
  first.sync.send(room, "by Ana", null);
  server.isUp = true;
  // The cookie of the browser is Ben's now.
  let takenBy = 0;
  const confused = createSync({
    me: ana,
    api: server.api(ben.id),
    connect: server.connect(ben.id),
    clock,
    random: () => 0.5,
    fill: (bytes) => crypto.getRandomValues(bytes),
    storage,
    deletionStorage: storage.deletions,
    onSignedOut: () => {},
    onSomebodyElse: (other) => {
      takenBy = other.id;
    },
  });
  first.sync.stop();
  confused.start(true);
  await clock.pass(60_000);
  expect(takenBy).toBe(ben.id);
  expect(server.messages(room).map(({ body }) => body)).toEqual(["first"]);
});

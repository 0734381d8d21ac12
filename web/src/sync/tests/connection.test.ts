// The connection: it comes back by itself, politely, and knows when it should not.
import { describe, expect, it } from "vitest";
import { retryDelay } from "../backoff.ts";
import { QUIET_MS, RETRY_CAP_MS, SIGN_MS } from "../limits.ts";
import { world } from "./world.ts";

async function alone() {
  const w = world();
  const ana = w.person("Ana");
  const room = w.server.room("general", "General", [ana]);
  const hers = await w.browser(ana);
  const phase = () => hers.sync.state().connection.phase;
  return { ...w, ana, room, hers, phase };
}

describe("the wait before connecting again", () => {
  it("is anything between nothing and a bound that doubles up to the cap", () => {
    expect(retryDelay(0, () => 0)).toBe(0);
    expect([0, 1, 2, 3].map((attempt) => retryDelay(attempt, () => 1))).toEqual([500, 1_000, 2_000, 4_000]);
    expect(retryDelay(40, () => 1)).toBe(RETRY_CAP_MS);
  });

  it("grows while the server is away and is short again after a steady connection", async () => {
    const s = await alone();
    s.server.isUp = false;
    s.server.cut();
    await s.clock.pass(120_000);
    const waiting = s.hers.sync.state().connection;
    expect(waiting.phase).toBe("waiting");
    s.server.isUp = true;
    await s.clock.pass(RETRY_CAP_MS);
    expect(s.phase()).toBe("live");
    await s.clock.pass(20_000);
    s.server.cut();
    await s.clock.pass(500);
    expect(s.phase()).toBe("live");
  });

  it("is what a stopping server asked for, even when the network comes and goes meanwhile", async () => {
    const s = await alone();
    s.server.tellAccount(s.ana.id, { op: "goaway", retry_ms: 3_700 });
    await s.clock.pass(3_000);
    s.hers.sync.network(false);
    s.hers.sync.network(true);
    s.hers.sync.nudge();
    await s.clock.pass(600);
    expect(s.phase()).toBe("waiting");
    await s.clock.pass(200);
    expect(s.phase()).toBe("live");
  });
});

describe("a silent connection", () => {
  it("is asked for a sign and kept when one comes", async () => {
    const s = await alone();
    await s.clock.pass(QUIET_MS * 10);
    expect(s.phase()).toBe("live");
    expect(s.server.heard.filter(({ frame }) => frame.op === "hello")).toHaveLength(1);
    expect(s.server.heard.filter(({ frame }) => frame.op === "ping").length).toBeGreaterThan(5);
  });

  it("is given up 40 s after the last sign", async () => {
    const s = await alone();
    expect(QUIET_MS + SIGN_MS).toBe(40_000);
    // From here on nothing arrives and nothing is said to be closed.
    const heard = s.server.heard.length;
    s.server.tellAccount = () => {};
    Object.assign(s.server, { hear: () => {} });
    await s.clock.pass(QUIET_MS + SIGN_MS - 1);
    expect(s.phase()).toBe("live");
    await s.clock.pass(2);
    expect(s.phase()).not.toBe("live");
    expect(s.server.heard.length).toBe(heard);
  });
});

describe("the network", () => {
  it("is not tried while the browser says that there is none, and at once when it is back", async () => {
    const s = await alone();
    s.hers.sync.network(false);
    await s.clock.pass(600_000);
    expect(s.phase()).toBe("offline");
    expect(s.server.connections()).toBe(0);
    s.hers.sync.network(true);
    await s.clock.pass(0);
    expect(s.phase()).toBe("live");
  });
});

describe("the end of a session", () => {
  it("ends the copy when the server closes with 4001", async () => {
    const s = await alone();
    s.server.cut(4001);
    await s.clock.pass(60_000);
    expect(s.hers.signOuts).toBe(1);
    expect(s.server.connections()).toBe(0);
  });

  it("is noticed when the server refuses the connection", async () => {
    const s = await alone();
    s.server.signedOut.add(s.ana.id);
    s.server.cut();
    await s.clock.pass(60_000);
    expect(s.hers.signOuts).toBe(1);
  });

  it("is noticed by any request", async () => {
    const s = await alone();
    s.server.signedOut.add(s.ana.id);
    s.hers.sync.open(s.room);
    await s.clock.pass(0);
    expect(s.hers.signOuts).toBe(1);
  });
});

describe("a page that cannot be loaded", () => {
  it("says so and is tried again by itself", async () => {
    const s = await alone();
    s.server.isUp = false;
    s.hers.sync.open(s.room);
    await s.clock.pass(0);
    expect(s.hers.sync.state().conversations[s.room]?.trouble).toBe("network");
    s.server.isUp = true;
    await s.clock.pass(5_000);
    expect(s.hers.sync.state().conversations[s.room]?.window?.messages).toEqual([]);
    expect(s.hers.sync.state().conversations[s.room]?.trouble).toBeNull();
  });
});

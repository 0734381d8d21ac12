import { beforeEach, expect, it, vi } from "vitest";
import type { Me } from "../api/types.ts";
import type { State } from "../sync/state.ts";
import { endWelcome, isNewcomer } from "./newcomer.ts";

const HOUR_MS = 3_600_000;

const someone = (id: number, ageMs: number) =>
  ({ id, created_at: new Date(Date.now() - ageMs).toISOString() }) as Me;
const having = (...read: number[]) =>
  ({ conversations: read.map((read_seq) => ({ summary: { read_seq } })) }) as unknown as State;

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

it("is who has just come and has read nothing, until they say that they know their way", () => {
  const me = someone(1, 0);
  expect(isNewcomer(me, having(0, 0))).toBe(true);
  // After a reload, with what they read meanwhile.
  expect(isNewcomer(me, having(0, 4))).toBe(true);
  endWelcome(1);
  expect(isNewcomer(me, having(0, 4))).toBe(false);
  expect(isNewcomer(me, having(0, 0))).toBe(false);
});

it("is somebody else on the same device", () => {
  isNewcomer(someone(1, 0), having(0));
  endWelcome(1);
  expect(isNewcomer(someone(2, 0), having(0))).toBe(true);
});

it("is nobody who has read anything elsewhere, or who came more than a day ago", () => {
  expect(isNewcomer(someone(1, HOUR_MS), having(0, 7))).toBe(false);
  expect(isNewcomer(someone(2, 25 * HOUR_MS), having(0))).toBe(false);
});

it("is nobody any more after a day, though they never said so", () => {
  expect(isNewcomer(someone(1, HOUR_MS), having(0))).toBe(true);
  expect(isNewcomer(someone(1, 25 * HOUR_MS), having(3))).toBe(false);
});

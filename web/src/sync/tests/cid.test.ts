import { expect, it } from "vitest";
import { cidSource } from "../cid.ts";

const fill = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);

it("a cid is a UUID of version 7", () => {
  const cid = cidSource(fill).next(Date.now());
  expect(cid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it("cids rise in the order in which they were made, even when the clock stands still or goes back", () => {
  const source = cidSource(fill);
  const made = Array.from({ length: 10_000 }, (_, n) => source.next(n > 5_000 ? 1_000 : 2_000));
  expect(made).toEqual([...made].sort());
  expect(new Set(made).size).toBe(made.length);
});

it("cids are above those of the last page load", () => {
  const before = cidSource(fill).next(9_000_000);
  const source = cidSource(fill);
  source.startAbove(before);
  expect(source.next(1_000) > before).toBe(true);
});

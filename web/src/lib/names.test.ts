import { expect, it } from "vitest";
import { initials, listOf } from "./names.ts";
import { dayName } from "./time.ts";

it("initials are the first letters of the first and the last word", () => {
  expect(
    ["Sita Devi", "ramesh", "ana.b", "李雷", "  ", "Ana B. C", "Ramesh (guest)", "🙂"].map(initials),
  ).toEqual(["SD", "R", "AB", "李", "", "AC", "R", "🙂"]);
});

it("names are listed as one says them", () => {
  expect(
    [[], ["A"], ["A", "B"], ["A", "B", "C"], ["A", "B", "C", "D"]].map((names) => listOf(names)),
  ).toEqual(["", "A", "A and B", "A, B and 1 other", "A, B and 2 others"]);
});

it("a day is called today and yesterday across the turn of a month", () => {
  const now = new Date(2026, 2, 1, 0, 5).getTime();
  expect(dayName(new Date(2026, 2, 1, 0, 1).getTime(), now)).toBe("Today");
  expect(dayName(new Date(2026, 1, 28, 23, 59).getTime(), now)).toBe("Yesterday");
  expect(dayName(new Date(2026, 1, 26).getTime(), now)).toBe("Thursday");
  expect(dayName(new Date(2026, 1, 22).getTime(), now)).toContain("22");
  expect(dayName(new Date(2025, 1, 28).getTime(), now)).toContain("2025");
});

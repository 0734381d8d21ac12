import { describe, expect, it } from "vitest";
import { minuteIn, type Night, nextNight, nightEnd, readNight, timeOf, USUAL_NIGHT } from "./night.ts";
import { isQuiet, type Preferences, quietEnd } from "./preferences.ts";

const at = (day: number, time: string) => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return new Date(2026, 10, day, hours, minutes).getTime();
};
const noon: Night = { from: 12 * 60, to: 13 * 60 + 30 };

describe("a night", () => {
  it("lasts over midnight until its end", () => {
    expect(nightEnd(USUAL_NIGHT, at(20, "21:59"))).toBeNull();
    expect(nightEnd(USUAL_NIGHT, at(20, "22:00"))).toBe(at(21, "7:00"));
    expect(nightEnd(USUAL_NIGHT, at(21, "0:00"))).toBe(at(21, "7:00"));
    expect(nightEnd(USUAL_NIGHT, at(21, "6:59"))).toBe(at(21, "7:00"));
    expect(nightEnd(USUAL_NIGHT, at(21, "7:00"))).toBeNull();
  });

  it("can be a part of the day, and is none where it ends as it begins", () => {
    expect(nightEnd(noon, at(20, "12:00"))).toBe(at(20, "13:30"));
    expect(nightEnd(noon, at(20, "13:30"))).toBeNull();
    expect(nightEnd({ from: 60, to: 60 }, at(20, "1:00"))).toBeNull();
    expect(nightEnd(null, at(20, "1:00"))).toBeNull();
  });

  it("begins today or tomorrow", () => {
    expect(nextNight(USUAL_NIGHT, at(20, "12:00"))).toBe(at(20, "22:00"));
    expect(nextNight(USUAL_NIGHT, at(20, "22:00"))).toBe(at(21, "22:00"));
  });

  it("is written and read as a field has it, and what is no time is none", () => {
    expect([timeOf(0), timeOf(7 * 60 + 5), timeOf(1_439)]).toEqual(["00:00", "07:05", "23:59"]);
    expect(["00:00", "07:05", "23:59:00", "24:00", ""].map(minuteIn)).toEqual([0, 425, 1_439, null, null]);
    expect(readNight({ from: 5, to: 9 })).toEqual({ from: 5, to: 9 });
    for (const kept of [null, undefined, 3, {}, { from: 5 }, { from: -1, to: 5 }, { from: 1.5, to: 5 }])
      expect(readNight(kept)).toBeNull();
  });
});

describe("being quiet", () => {
  const with_ = (some: Partial<Preferences>) => ({
    quietUntil: null,
    night: null,
    awakeUntil: null,
    ...some,
  });

  it("is what one asked for and the night, whichever ends later", () => {
    const now = at(20, "23:00");
    expect(quietEnd(with_({}), now)).toBeNull();
    expect(quietEnd(with_({ quietUntil: now - 1 }), now)).toBeNull();
    expect(quietEnd(with_({ quietUntil: now + 1 }), now)).toBe(now + 1);
    expect(quietEnd(with_({ quietUntil: now + 1, night: USUAL_NIGHT }), now)).toBe(at(21, "7:00"));
    expect(quietEnd(with_({ quietUntil: at(21, "8:00"), night: USUAL_NIGHT }), now)).toBe(at(21, "8:00"));
  });

  it("is over for this night where one ended it, and not for the next", () => {
    const ended = with_({ night: USUAL_NIGHT, awakeUntil: at(21, "7:00") });
    expect(isQuiet(ended, at(20, "23:00"))).toBe(false);
    expect(isQuiet(ended, at(21, "22:30"))).toBe(true);
  });
});

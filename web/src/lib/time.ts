// Moments and days as people read them, in the language that is chosen and their own time zone.
import { formatDate } from "../i18n/formats.ts";
import { t } from "../i18n/words.ts";

const CLOCK = { timeStyle: "short" } as const;
const FULL = { dateStyle: "full", timeStyle: "medium" } as const;
const DAY = { weekday: "long", day: "numeric", month: "long" } as const;
const DAY_AND_YEAR = { day: "numeric", month: "long", year: "numeric" } as const;
const WEEKDAY = { weekday: "long" } as const;
const SHORT_DATE = { dateStyle: "medium" } as const;
const DAY_AND_CLOCK = { dateStyle: "medium", timeStyle: "short" } as const;

export function clockTime(at: string | number): string {
  return formatDate(at, CLOCK);
}

/** The time of a moment of today, and the day too of any other. */
export function momentName(at: string | number, now = Date.now()): string {
  return dayKey(at) === dayKey(now) ? clockTime(at) : formatDate(at, DAY_AND_CLOCK);
}

/** For tooltips: everything. */
export function fullTime(at: string | number): string {
  return formatDate(at, FULL);
}

export function shortDate(at: string | number): string {
  return formatDate(at, SHORT_DATE);
}

/** One text per day, the same for all moments of it. */
export function dayKey(at: string | number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** Days ago that a weekday alone still names. */
const WEEKDAYS_MAX = 6;

/** "Today", "Yesterday", "Tuesday", "Tuesday, 3 March" or "3 March 2025". */
export function dayName(at: string | number, now: number): string {
  if (dayKey(at) === dayKey(now)) return t("lib.today");
  if (dayKey(at) === dayBefore(now, 1)) return t("lib.yesterday");
  for (let days = 2; days <= WEEKDAYS_MAX; days += 1) {
    if (dayKey(at) === dayBefore(now, days)) return formatDate(at, WEEKDAY);
  }
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return formatDate(at, isThisYear ? DAY : DAY_AND_YEAR);
}

/** The moment of the next day at which it is so many hours, by the clock of this device. */
export function tomorrowAt(now: number, hours: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  return day.setHours(hours, 0, 0, 0);
}

function dayBefore(now: number, days: number): string {
  const date = new Date(now);
  date.setDate(date.getDate() - days);
  return dayKey(date.getTime());
}

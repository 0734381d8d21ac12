// Moments and days as people read them, in their own language and time zone.

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const SHORT_DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export function clockTime(at: string | number): string {
  return CLOCK.format(new Date(at));
}

/** For tooltips: everything. */
export function fullTime(at: string | number): string {
  return FULL.format(new Date(at));
}

export function shortDate(at: string | number): string {
  return SHORT_DATE.format(new Date(at));
}

/** One text per day, the same for all moments of it. */
export function dayKey(at: string | number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** "Today", "Yesterday", "Tuesday, 3 March" or "3 March 2025". */
export function dayName(at: string | number, now: number): string {
  if (dayKey(at) === dayKey(now)) return "Today";
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayKey(at) === dayKey(yesterday.getTime())) return "Yesterday";
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? DAY : DAY_AND_YEAR).format(new Date(at));
}

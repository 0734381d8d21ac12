// The hours of every day in which nobody is to be disturbed: by the clock of this device, also over midnight.

export interface Night {
  /** Minutes after midnight, from 0 to 1,439. */
  from: number;
  to: number;
}

/** The most usual night. */
export const USUAL_NIGHT: Night = { from: 22 * 60, to: 7 * 60 };

/** When the night that it is now ends; `null`: it is day. A night that ends where it begins is none. */
export function nightEnd(night: Night | null, now: number): number | null {
  if (!night) return null;
  const { from, to } = night;
  const minute = minuteOf(now);
  if (from < to) return minute >= from && minute < to ? momentOf(now, 0, to) : null;
  if (from === to) return null;
  if (minute < to) return momentOf(now, 0, to);
  return minute >= from ? momentOf(now, 1, to) : null;
}

/** When the next one begins. */
export function nextNight({ from }: Night, now: number): number {
  return momentOf(now, minuteOf(now) < from ? 0 : 1, from);
}

/** "22:00", as a field for a time has it. */
export function timeOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** `null`: no time of a day. */
export function minuteIn(time: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)/.exec(time);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** What was kept; `null`: nothing that can be used. */
export function readNight(kept: unknown): Night | null {
  const { from, to } = (kept ?? {}) as Partial<Night>;
  return isMinute(from) && isMinute(to) ? { from, to } : null;
}

function isMinute(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 24 * 60;
}

function minuteOf(now: number): number {
  const day = new Date(now);
  return day.getHours() * 60 + day.getMinutes();
}

function momentOf(now: number, days: number, minute: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  return day.setHours(0, minute, 0, 0);
}

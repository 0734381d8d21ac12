// Moments, numbers and lists as they are written in the language that is chosen.
import { i18n } from "@lingui/core";
import { language, locale } from "./words.ts";

export function formatDate(at: string | number, options: Intl.DateTimeFormatOptions): string {
  return i18n.date(new Date(at), options);
}

export function formatNumber(value: number): string {
  return i18n.number(value);
}

/** `conjunction`: "Ana, Ben and Cy". `disjunction`: "Ana, Ben or Cy". */
export function formatList(items: readonly string[], type: Intl.ListFormatType = "conjunction"): string {
  return new Intl.ListFormat(listLocale(), { type }).format(items);
}

/** One comma less than some write: the client's English says "Ana, Ben and Cy" everywhere. */
function listLocale(): string {
  return language() === "en" ? "en-GB" : locale();
}

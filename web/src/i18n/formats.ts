// Moments, numbers and lists as they are written in the language that is chosen.
import { i18n } from "@lingui/core";
import { locale } from "./words.ts";

export function formatDate(at: string | number, options: Intl.DateTimeFormatOptions): string {
  return i18n.date(new Date(at), options);
}

export function formatNumber(value: number): string {
  return i18n.number(value);
}

/** `conjunction`: "Ana and Ben". `disjunction`: "Ana or Ben". `unit`: "Ana, Ben", for a sentence that goes on. */
export function formatList(items: readonly string[], type: Intl.ListFormatType = "conjunction"): string {
  return new Intl.ListFormat(locale(), { type }).format(items);
}

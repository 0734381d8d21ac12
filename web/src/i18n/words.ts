// Every word that people read: said by its key in the language that is chosen here, when it is asked for. Nothing may
// ask while a file is loaded: the words come after it, and another language may be chosen later.
import { i18n, type Messages } from "@lingui/core";
import { useSyncExternalStore } from "react";
import { readItem, writeItem } from "../lib/storage.ts";
import type { Key } from "./keys.ts";
import { isLanguage, LANGUAGES, type Language, languageOf, varietyOf } from "./languages.ts";

export type { Key } from "./keys.ts";
export type { Language } from "./languages.ts";

export type Values = Readonly<Record<string, string | number>>;

/** Kept on this device. `public/first.js` reads it too. */
const CHOICE = "parlor.language";

const LOAD: Readonly<Record<Language, () => Promise<{ default: Messages }>>> = {
  en: () => import("virtual:words/en"),
  de: () => import("virtual:words/de"),
  es: () => import("virtual:words/es"),
  hi: () => import("virtual:words/hi"),
  ar: () => import("virtual:words/ar"),
};

const LOAD_MORE: Readonly<Record<Language, () => Promise<{ default: Messages }>>> = {
  en: () => import("virtual:words/en/later"),
  de: () => import("virtual:words/de/later"),
  es: () => import("virtual:words/es/later"),
  hi: () => import("virtual:words/hi/later"),
  ar: () => import("virtual:words/ar/later"),
};

/** The words of this key, in ICU MessageFormat, with these values in their places. */
export function t(key: Key, values?: Values): string {
  return i18n._(key, values && plain(values));
}

/** Whether there are words for something that a server of another version may have named. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(i18n.messages, key);
}

/** The language that is spoken now. A component that is drawn again only if its properties change asks this too. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

export function language(): Language {
  return isLanguage(i18n.locale) ? i18n.locale : "en";
}

/** As `Intl` takes it: the language in the reader's own variety. */
export function locale(): string {
  return varietyOf(language(), asked());
}

/** What was chosen here; `null`: as the browser says. */
export function languageChoice(): Language | null {
  const kept = readItem(CHOICE);
  return isLanguage(kept) ? kept : null;
}

/** Speaks it once its words are here, and remembers it. Fails if they cannot be loaded: then nothing is changed. */
export async function chooseLanguage(choice: Language | null): Promise<void> {
  await speak(languageOf(choice, asked()));
  writeItem(CHOICE, choice);
}

/** A part of the page, with the words that it says. */
export async function withWords<Part>(part: Promise<Part>): Promise<Part> {
  const [loaded] = await Promise.all([part, moreWords()]);
  return loaded;
}

/** Before anything is shown. Fails if there are no words to be had at all. */
export async function startWords(): Promise<void> {
  i18n.on("change", () => {
    document.documentElement.lang = language();
    document.documentElement.dir = LANGUAGES[language()].dir;
  });
  window.addEventListener("storage", ({ key }) => {
    // Another window has chosen. If its words cannot be loaded here, this one stays as it is.
    if (key === CHOICE) speak(languageOf(languageChoice(), asked())).catch(() => {});
  });
  const wanted = languageOf(languageChoice(), asked());
  await speak(wanted).catch((error) => {
    if (wanted === "en") throw error;
    return speak("en");
  });
}

let latest: Language | null = null;
/** Whether a part of the page is here whose words the first page does not bring. */
let isMoreWanted = false;
/** The language that has those words. */
let hasMore: Language | null = null;

/** Loads the words that the first page does not bring, once; from then on every language has them. */
export async function moreWords(): Promise<void> {
  isMoreWanted = true;
  const spoken = language();
  if (hasMore === spoken) return;
  const { default: messages } = await LOAD_MORE[spoken]();
  // Another language brings its own.
  if (spoken !== language()) return;
  i18n.load(spoken, messages);
  hasMore = spoken;
}

/** Loads a language and speaks it, unless another was asked for meanwhile. */
export async function speak(wanted: Language): Promise<void> {
  latest = wanted;
  const [first, more] = await Promise.all([LOAD[wanted](), isMoreWanted ? LOAD_MORE[wanted]() : null]);
  if (latest !== wanted) return;
  const messages = { ...first.default, ...more?.default };
  hasMore = more && wanted;
  i18n.loadAndActivate({ locale: wanted, locales: [varietyOf(wanted, asked())], messages });
  if (isMoreWanted) await moreWords();
}

function asked(): readonly string[] {
  return globalThis.navigator?.languages ?? [];
}

function subscribe(changed: () => void): () => void {
  return i18n.on("change", changed);
}

/** Lingui reads `\x41` as a sign wherever it stands. In what people wrote it is what they wrote. */
function plain(values: Values): Values {
  const pairs = Object.entries(values).map(([name, value]) => {
    return [name, typeof value === "string" ? value.replaceAll("\\", "\\x5c") : value];
  });
  return Object.fromEntries(pairs);
}

// The languages that the client speaks. Each has a folder of this name beside this file.

export const LANGUAGES = {
  en: { name: "English", dir: "ltr" },
  de: { name: "Deutsch", dir: "ltr" },
  es: { name: "Español", dir: "ltr" },
  hi: { name: "हिन्दी", dir: "ltr" },
  ar: { name: "العربية", dir: "rtl" },
} as const;

export type Language = keyof typeof LANGUAGES;

export function isLanguage(word: string | null): word is Language {
  return word !== null && Object.hasOwn(LANGUAGES, word);
}

/** What was chosen here, else the first that the reader's browser asks for and that is spoken here, else English.
 * `public/first.js` says the same, for it begins to load the words before anything else has come. */
export function languageOf(chosen: string | null, asked: readonly string[]): Language {
  return [chosen, ...asked.map(baseOf)].find(isLanguage) ?? "en";
}

/** The browser's own variety of a language, "en-GB": by it dates and numbers are written. */
export function varietyOf(language: Language, asked: readonly string[]): string {
  return asked.find((tag) => baseOf(tag) === language) ?? language;
}

function baseOf(tag: string): string {
  return tag.split("-")[0]?.toLowerCase() ?? "";
}

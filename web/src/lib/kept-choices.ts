// What somebody chose on this device: kept by the browser, the same in all of its windows.
import { readItem, writeItem } from "./storage.ts";

export interface KeptChoices<Choices> {
  /** The same object while nothing changes. */
  get(): Choices;
  change(to: Partial<Choices>): void;
  /** Calls after every change, here or in another window. Gives back how to stop. */
  subscribe(changed: () => void): () => void;
}

/** `read` takes whatever stands there, and nothing at all. */
export function keptChoices<Choices>(
  key: string,
  read: (kept: Readonly<Record<string, unknown>>) => Choices,
): KeptChoices<Choices> {
  const sign = `${key}-changed`;
  let known: { text: string | null; choices: Choices } | null = null;
  // Where the browser keeps nothing, the choice holds as long as the page.
  let unkept: string | null = null;

  function get(): Choices {
    const text = unkept ?? readItem(key);
    if (text !== known?.text) known = { text, choices: read(fieldsOf(text)) };
    return known.choices;
  }

  return {
    get,
    change(to) {
      const text = JSON.stringify({ ...get(), ...to });
      unkept = writeItem(key, text) ? null : text;
      window.dispatchEvent(new Event(sign));
    },
    subscribe(changed) {
      window.addEventListener(sign, changed);
      window.addEventListener("storage", changed);
      return () => {
        window.removeEventListener(sign, changed);
        window.removeEventListener("storage", changed);
      };
    },
  };
}

function fieldsOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text ?? "{}") ?? {};
  } catch {
    return {};
  }
}

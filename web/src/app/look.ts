// How the page looks, as it was chosen on this device. Each choice is an attribute of <html>, which the styles read;
// `public/first.js` sets them before the first paint.
import { useSyncExternalStore } from "react";
import { readItem, writeItem } from "../lib/storage.ts";

export interface Looks {
  theme: "system" | "light" | "dark";
  contrast: "system" | "more";
  density: "comfortable" | "compact";
  messages: "bubbles" | "flat";
  text: "normal" | "small" | "large";
}

/** The first value holds when nothing was chosen, and then the attribute is absent. */
const LOOKS: { readonly [Name in keyof Looks]: readonly [Looks[Name], ...Looks[Name][]] } = {
  theme: ["system", "light", "dark"],
  contrast: ["system", "more"],
  density: ["comfortable", "compact"],
  messages: ["bubbles", "flat"],
  text: ["normal", "small", "large"],
};

const listeners = new Set<() => void>();

function lookOf<Name extends keyof Looks>(name: Name): Looks[Name] {
  const [usual, ...others] = LOOKS[name];
  const set = document.documentElement.dataset[name];
  return others.find((value) => value === set) ?? usual;
}

export function useLook<Name extends keyof Looks>(name: Name): Looks[Name] {
  return useSyncExternalStore(subscribe, () => lookOf(name));
}

/** Shows it at once and keeps it. */
export function chooseLook<Name extends keyof Looks>(name: Name, value: Looks[Name]): void {
  const kept = value === LOOKS[name][0] ? null : value;
  writeItem(keyOf(name), kept);
  show(name, kept);
}

/** Another window of this browser chose something. Gives back how to stop. */
export function followLooks(): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    for (const name of Object.keys(LOOKS) as (keyof Looks)[]) {
      if (key === keyOf(name)) show(name, readItem(key));
    }
  };
  window.addEventListener("storage", onStorage);
  return () => window.removeEventListener("storage", onStorage);
}

function show(name: keyof Looks, value: string | null): void {
  const { dataset } = document.documentElement;
  if (value === null) delete dataset[name];
  else dataset[name] = value;
  for (const changed of listeners) changed();
}

function keyOf(name: keyof Looks): string {
  return `parlor.${name}`;
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

// Words with elements inside: `<link>…</link>` in the message is what `parts.link` makes of what stands between.
import { createElement, Fragment, type ReactNode } from "react";
import { type Key, t, type Values } from "./words.ts";

export type Parts = Readonly<Record<string, (children: ReactNode) => ReactNode>>;

export interface RichProps {
  id: Key;
  values?: Values;
  parts: Parts;
}

const TAG = /<(\w+)>(.*?)<\/\1>/gsu;
/** Stands for "<" in a value, or somebody could call themselves a link. No text may hold this sign. */
const NOT_A_TAG = "\uFDD0";

export function Rich({ id, values = {}, parts }: RichProps) {
  const pairs = Object.entries(values).map(([name, value]) => {
    return [name, typeof value === "string" ? value.replaceAll("<", NOT_A_TAG) : value];
  });
  return nodesOf(t(id, Object.fromEntries(pairs)), parts);
}

function nodesOf(text: string, parts: Parts): ReactNode {
  const nodes: ReactNode[] = [];
  let end = 0;
  for (const { 0: all, 1: name = "", 2: inside = "", index } of text.matchAll(TAG)) {
    const children = nodesOf(inside, parts);
    nodes.push(plain(text.slice(end, index)), parts[name]?.(children) ?? children);
    end = index + all.length;
  }
  return createElement(Fragment, null, ...nodes, plain(text.slice(end)));
}

function plain(text: string): string {
  return text.replaceAll(NOT_A_TAG, "<");
}

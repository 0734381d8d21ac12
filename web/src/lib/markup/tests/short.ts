// Trees in short, so that a test can be read.
import { type Block, type Inline, treeOf } from "../tree.ts";

/** Short for a tree: text as it is, everything else as [kind, …]. */
export type Short = string | Short[];

export function short(part: Block | Inline): Short {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
    case "mention":
      return [part.kind, part.text];
    case "fence":
      return [part.kind, part.language, part.text];
    case "list":
      return [
        part.numbers === null ? "list" : `list ${part.numbers.join(" ")}`,
        ...part.items.map((it) => it.map(short)),
      ];
    case "link":
      return [
        part.kind,
        part.href,
        ...joined(part.children),
        ...(part.beside ? [["beside", part.beside]] : []),
      ];
    default:
      return [part.kind, ...joined(part.children)];
  }
}

/** Neighbouring texts are one to the reader. */
export function joined(parts: readonly (Block | Inline)[]): Short[] {
  const all: Short[] = [];
  for (const part of parts.map(short)) {
    const last = all.at(-1);
    if (typeof part === "string" && typeof last === "string") all[all.length - 1] = last + part;
    else all.push(part);
  }
  return all;
}

export const read = (text: string) => treeOf(text).map(short);
export const flow = (...parts: Short[]) => [["flow", ...parts]];

export function linksIn(parts: readonly (Block | Inline)[]): string[] {
  return parts.flatMap((part): string[] => {
    if (part.kind === "list") return part.items.flatMap(linksIn);
    if (!("children" in part)) return [];
    return [...(part.kind === "link" ? [part.href] : []), ...linksIn(part.children)];
  });
}

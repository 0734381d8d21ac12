// Who is named in a text.
import { type Block, type Inline, treeOf } from "./tree.ts";

/** The usernames behind `@`, as they are written and in the order in which they stand; none of those in code. */
export function mentionsIn(text: string): string[] {
  return text.includes("@") ? treeOf(text).flatMap(namedIn) : [];
}

function namedIn(block: Block): string[] {
  switch (block.kind) {
    case "flow":
    case "heading":
      return block.children.flatMap(named);
    case "fence":
      return [];
    case "quote":
      return block.children.flatMap(namedIn);
    case "list":
      return block.items.flat().flatMap(namedIn);
  }
}

function named(piece: Inline): string[] {
  if (piece.kind === "mention") return [piece.username];
  return "children" in piece ? piece.children.flatMap(named) : [];
}

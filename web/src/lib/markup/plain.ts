// A text without the signs of its markup: for previews, quotes, labels and whatever is said aloud.
import { type Block, treeOf, wordsOf } from "./tree.ts";

/** The words, in the order in which they stand; a line for each block. */
export function plainOf(text: string): string {
  return linesOf(treeOf(text));
}

function linesOf(blocks: readonly Block[]): string {
  return blocks.map(lineOf).join("\n");
}

function lineOf(block: Block): string {
  switch (block.kind) {
    case "flow":
    case "heading":
      return wordsOf(block.children);
    case "fence":
      return block.text;
    case "quote":
      return linesOf(block.children);
    case "list":
      return block.items
        .map((item, index) => (block.numbers === null ? "• " : `${block.numbers[index]}. `) + linesOf(item))
        .join("\n");
  }
}

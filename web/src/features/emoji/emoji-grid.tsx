// The grid of the emoji panel. Two thousand cells: drawn once, with one handler for all of them, and laid out by the
// browser only where one looks.
import { memo, type SyntheticEvent } from "react";
import { useLanguage } from "../../i18n/words.ts";
import { type Section, titleOf } from "./emoji-browser.tsx";
import { type Emoji, type Tone, toned } from "./emoji-set.ts";

export interface EmojiGridProps {
  sections: readonly Section[];
  tone: Tone;
  onPick: (char: string) => void;
  /** The one that the pointer or the keyboard is at. */
  onAt: (emoji: Emoji | null) => void;
}

/** As the style has it: arrows go up and down by so many. */
const COLUMNS = 8;

export const EmojiGrid = memo(function EmojiGrid({ sections, tone, onPick, onAt }: EmojiGridProps) {
  useLanguage();
  const emojiAt = (event: SyntheticEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-at]");
    const [section, index] = (cell?.dataset.at ?? "").split(" ").map(Number);
    return sections[section ?? -1]?.emoji[index ?? -1] ?? null;
  };
  const pick = (event: SyntheticEvent) => {
    const emoji = emojiAt(event);
    if (emoji) onPick(toned(emoji, tone));
  };
  return sections.map(({ key, emoji }, section) => (
    <section key={key} aria-labelledby={`emoji-${key}`} data-group={key}>
      <h3 id={`emoji-${key}`}>{titleOf(key)}</h3>
      {/* biome-ignore lint/a11y/useSemanticElements: a table cannot be laid out as lines that shrink. */}
      <div
        role="grid"
        aria-labelledby={`emoji-${key}`}
        style={{ containIntrinsicHeight: `auto ${Math.ceil(emoji.length / COLUMNS) * 40}px` }}
        onClick={pick}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          pick(event);
        }}
        onPointerOver={(event) => onAt(emojiAt(event))}
        onFocus={(event) => onAt(emojiAt(event))}
      >
        {rowsOf(emoji).map((row, line) => (
          // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus.
          // biome-ignore lint/a11y/useSemanticElements: as above.
          <div key={row[0]?.char} role="row">
            {row.map((one, column) => (
              // biome-ignore lint/a11y/useSemanticElements: as above.
              <span
                key={one.char}
                role="gridcell"
                tabIndex={section + line + column === 0 ? 0 : -1}
                data-at={`${section} ${line * COLUMNS + column}`}
                aria-label={one.label}
              >
                {toned(one, tone)}
              </span>
            ))}
          </div>
        ))}
      </div>
    </section>
  ));
});

function rowsOf(emoji: readonly Emoji[]): Emoji[][] {
  const rows: Emoji[][] = [];
  for (let start = 0; start < emoji.length; start += COLUMNS) rows.push(emoji.slice(start, start + COLUMNS));
  return rows;
}

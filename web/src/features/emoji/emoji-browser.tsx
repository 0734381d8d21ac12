// Inside the emoji panel: a box to search in, the groups, the grid, and at the foot what one is at and the skin tone.
import {
  Clock,
  Flag,
  Hash,
  Leaf,
  Lightbulb,
  type LucideIcon,
  Plane,
  Smile,
  Trophy,
  User,
  Utensils,
} from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { type Key, t } from "../../i18n/words.ts";
import { EmojiGrid } from "./emoji-grid.tsx";
import { keepTone, keptTone, recentEmoji } from "./emoji-kept.ts";
import { type Emoji, type EmojiSet, findEmoji, type Tone, toned } from "./emoji-set.ts";
import { cellsOf, focusCell, focusSection, moveInToolbar, nextCell } from "./grid-keys.ts";
import "./emoji.css";
import "../../ui/field.css";

export interface Section {
  key: string;
  emoji: readonly Emoji[];
}

const GROUPS: Record<string, { title: Key; icon: LucideIcon }> = {
  recent: { title: "emoji.recent", icon: Clock },
  "smileys-emotion": { title: "emoji.smileys", icon: Smile },
  "people-body": { title: "emoji.people", icon: User },
  "animals-nature": { title: "emoji.animals", icon: Leaf },
  "food-drink": { title: "emoji.food", icon: Utensils },
  "travel-places": { title: "emoji.travel", icon: Plane },
  activities: { title: "emoji.activities", icon: Trophy },
  objects: { title: "emoji.objects", icon: Lightbulb },
  symbols: { title: "emoji.symbols", icon: Hash },
  flags: { title: "emoji.flags", icon: Flag },
};

const FOUND = "found";

export function titleOf(section: string): string {
  const key = section === FOUND ? "emoji.found" : GROUPS[section]?.title;
  return key ? t(key) : section;
}

/** Who wants more types more. */
const FOUND_MAX = 120;

export function EmojiBrowser({ set, onPick }: { set: EmojiSet; onPick: (char: string) => void }) {
  const [query, setQuery] = useState("");
  const [tone, setTone] = useState<Tone>(keptTone);
  const [at, setAt] = useState<Emoji | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  // The panel may have opened before this was loaded.
  useEffect(() => search.current?.focus(), []);
  const all = useMemo(() => sectionsOf(set), [set]);
  const wanted = useDeferredValue(query.trim());
  const found = useMemo(() => (wanted === "" ? null : findEmoji(set, wanted, FOUND_MAX)), [set, wanted]);
  const sections = useMemo(() => (found ? [{ key: FOUND, emoji: found }] : all), [found, all]);

  const onSearchKey = (event: KeyboardEvent) => {
    const [first] = cellsOf(scroller.current);
    if (event.key === "ArrowDown") focusCell(first);
    else if (event.key === "Enter" && found?.[0]) onPick(toned(found[0], tone));
    else return;
    event.preventDefault();
  };

  const onGridKey = (event: KeyboardEvent) => {
    const next = nextCell(scroller.current, event);
    if (next === "search") {
      search.current?.focus();
      // The letter itself is for the box that has the focus now.
      if (event.key.length === 1) return;
    } else if (next) focusCell(next);
    else return;
    event.preventDefault();
  };

  return (
    <div className="emoji">
      <input
        className="input"
        type="text"
        aria-label={t("emoji.search")}
        aria-describedby="emoji-found"
        placeholder={t("emoji.search")}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={query}
        ref={search}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onSearchKey}
      />
      <div className="emoji-groups" role="toolbar" aria-label={t("emoji.groups")} onKeyDown={moveInToolbar}>
        {all.map(({ key }, index) => (
          <GroupButton
            key={key}
            name={key}
            isStop={index === 0}
            onClick={() => {
              setQuery("");
              // Once the groups are back in place of what was found.
              requestAnimationFrame(() => focusSection(scroller.current, key));
            }}
          />
        ))}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the cells inside. */}
      <div className="emoji-scroll" ref={scroller} onKeyDown={onGridKey}>
        <EmojiGrid sections={sections} tone={tone} onPick={onPick} onAt={setAt} />
        {found?.length === 0 && <p className="emoji-none">{t("emoji.none")}</p>}
      </div>
      <p className="hidden-text" id="emoji-found" role="status">
        {found ? t("emoji.found-count", { count: found.length }) : ""}
      </p>
      <footer className="emoji-foot">
        <span className="emoji-at" aria-hidden="true">
          {at ? (
            <>
              <span className="emoji-big">{toned(at, tone)}</span> :{at.names[0]}:
            </>
          ) : (
            t("emoji.keys")
          )}
        </span>
        <ToneChoice
          tone={tone}
          onChange={(next) => {
            setTone(next);
            keepTone(next);
          }}
        />
      </footer>
    </div>
  );
}

interface GroupButtonProps {
  name: string;
  /** The one that Tab reaches; arrows lead to the others. */
  isStop: boolean;
  onClick: () => void;
}

function GroupButton({ name, isStop, onClick }: GroupButtonProps) {
  const group = GROUPS[name];
  if (!group) return null;
  const { icon: Icon } = group;
  const title = t(group.title);
  return (
    <button type="button" aria-label={title} title={title} tabIndex={isStop ? 0 : -1} onClick={onClick}>
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

const TONE_NAMES = [
  "emoji.tone-none",
  "emoji.tone-light",
  "emoji.tone-medium-light",
  "emoji.tone-medium",
  "emoji.tone-medium-dark",
  "emoji.tone-dark",
] as const;

function ToneChoice({ tone, onChange }: { tone: Tone; onChange: (tone: Tone) => void }) {
  const hand: Emoji = { char: "✋", names: [], label: "", words: "", hasTone: true };
  return (
    <fieldset className="emoji-tones">
      <legend className="hidden-text">{t("emoji.tone")}</legend>
      {TONE_NAMES.map((name, index) => (
        <label key={name} title={t(name)}>
          <input
            type="radio"
            name="emoji-tone"
            className="hidden-text"
            checked={tone === index}
            onChange={() => onChange(index as Tone)}
            aria-label={t(name)}
          />
          <span aria-hidden="true">{toned(hand, index as Tone)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Those used last above the groups. They are kept with their tone, and shown as they are. */
function sectionsOf(set: EmojiSet): Section[] {
  const recent = recentEmoji().map((char) => set.byChar.get(char) ?? tonedOf(set, char));
  const last = { key: "recent", emoji: recent };
  return recent.length > 0 ? [last, ...set.groups] : [...set.groups];
}

/** An emoji in a tone that it keeps. */
function tonedOf(set: EmojiSet, char: string): Emoji {
  const plain = char.replace(/\p{Emoji_Modifier}/gu, "");
  const base = set.byChar.get(plain) ?? set.byChar.get(`${plain}\uFE0F`);
  return { char, names: base?.names ?? [""], label: base?.label ?? char, words: "", hasTone: false };
}

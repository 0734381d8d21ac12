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
import { EmojiGrid } from "./emoji-grid.tsx";
import { keepTone, keptTone, recentEmoji } from "./emoji-kept.ts";
import { type Emoji, type EmojiSet, findEmoji, type Tone, toned } from "./emoji-set.ts";
import { cellsOf, focusCell, focusSection, moveInToolbar, nextCell } from "./grid-keys.ts";
import "./emoji.css";

export interface Section {
  key: string;
  title: string;
  emoji: readonly Emoji[];
}

const GROUPS: Record<string, { title: string; icon: LucideIcon }> = {
  recent: { title: "Used last", icon: Clock },
  "smileys-emotion": { title: "Smileys", icon: Smile },
  "people-body": { title: "People", icon: User },
  "animals-nature": { title: "Animals and nature", icon: Leaf },
  "food-drink": { title: "Food and drink", icon: Utensils },
  "travel-places": { title: "Travel and places", icon: Plane },
  activities: { title: "Activities", icon: Trophy },
  objects: { title: "Objects", icon: Lightbulb },
  symbols: { title: "Symbols", icon: Hash },
  flags: { title: "Flags", icon: Flag },
};

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
  const sections = useMemo(
    () => (found ? [{ key: "found", title: "Found", emoji: found }] : all),
    [found, all],
  );

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
        aria-label="Search emoji"
        aria-describedby="emoji-found"
        placeholder="Search emoji"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={query}
        ref={search}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onSearchKey}
      />
      <div className="emoji-groups" role="toolbar" aria-label="Groups" onKeyDown={moveInToolbar}>
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
        {found?.length === 0 && <p className="emoji-none">No emoji is called that.</p>}
      </div>
      <p className="hidden-text" id="emoji-found" role="status">
        {found ? `${found.length} found` : ""}
      </p>
      <footer className="emoji-foot">
        <span className="emoji-at" aria-hidden="true">
          {at ? (
            <>
              <span className="emoji-big">{toned(at, tone)}</span> :{at.names[0]}:
            </>
          ) : (
            "Arrows move, Enter picks"
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
  const { title, icon: Icon } = group;
  return (
    <button type="button" aria-label={title} title={title} tabIndex={isStop ? 0 : -1} onClick={onClick}>
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

const TONE_NAMES = ["No skin tone", "Light", "Medium-light", "Medium", "Medium-dark", "Dark"];

function ToneChoice({ tone, onChange }: { tone: Tone; onChange: (tone: Tone) => void }) {
  const hand: Emoji = { char: "✋", names: [], label: "", words: "", hasTone: true };
  return (
    <fieldset className="emoji-tones">
      <legend className="hidden-text">Skin tone</legend>
      {TONE_NAMES.map((name, index) => (
        <label key={name} title={name}>
          <input
            type="radio"
            name="emoji-tone"
            className="hidden-text"
            checked={tone === index}
            onChange={() => onChange(index as Tone)}
            aria-label={name}
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
  const groups = set.groups.map(({ key, emoji }) => ({ key, title: GROUPS[key]?.title ?? key, emoji }));
  const last = { key: "recent", title: "Used last", emoji: recent };
  return recent.length > 0 ? [last, ...groups] : groups;
}

/** An emoji in a tone that it keeps. */
function tonedOf(set: EmojiSet, char: string): Emoji {
  const plain = char.replace(/\p{Emoji_Modifier}/gu, "");
  const base = set.byChar.get(plain) ?? set.byChar.get(`${plain}\uFE0F`);
  return { char, names: base?.names ?? [""], label: base?.label ?? char, words: "", hasTone: false };
}

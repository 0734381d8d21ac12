// Suggestions while a name is being typed: arrows choose, Enter or Tab picks, Escape closes.
import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useState } from "react";
import { api } from "../../api/calls.ts";
import type { Author } from "../../api/types.ts";
import { useNames } from "../../app/copy.ts";
import type { People } from "../../app/people.ts";
import { t, useLanguage } from "../../i18n/words.ts";
import { afterPause } from "../../lib/after-pause.ts";
import type { Conversation } from "../../sync/state.ts";
import type { Sync } from "../../sync/sync.ts";
import { emojiNow, loadEmoji } from "../emoji/emoji-data.ts";
import { keptTone, rememberEmoji } from "../emoji/emoji-kept.ts";
import { applyEdit } from "./box-edit.ts";
import {
  editOf,
  findCommands,
  findEmojiNamed,
  findPeople,
  findRooms,
  type Query,
  queryAt,
  SHOWN_MAX,
  type Suggestion,
} from "./completion.ts";
import { isPlain } from "./keys.ts";

export interface CompletionInput {
  area: RefObject<HTMLTextAreaElement | null>;
  conversation: Conversation;
  people: People;
  sync: Sync;
  me: number;
  /** An edit changes a message that is there already: nothing in it is a command. */
  isEditing: boolean;
}

export type Completion = ReturnType<typeof useCompletion>;

const LABELS = {
  person: "composer.people",
  room: "composer.rooms",
  emoji: "composer.emoji",
  command: "composer.commands",
} as const;

export function useCompletion(input: CompletionInput) {
  const { area, isEditing } = input;
  const id = useId();
  const [typed, setQuery] = useState<Query | null>(null);
  const [at, setAt] = useState(0);
  const query = isEditing && typed?.kind === "command" ? null : typed;
  const found = useFound(query, input);
  const isOpen = found.length > 0;
  const current = found[Math.min(at, found.length - 1)];

  const close = () => setQuery(null);
  const pick = (suggestion: Suggestion) => {
    const { current: box } = area;
    if (!query || !box) return;
    if (suggestion.sign.kind === "emoji") rememberEmoji(suggestion.sign.char);
    applyEdit(box, editOf(query, suggestion, box.value));
    close();
  };
  return {
    id,
    label: query ? t(LABELS[query.kind]) : "",
    isOpen,
    found,
    current,
    pick,
    close,
    aria: isOpen
      ? ({
          role: "combobox",
          "aria-expanded": true,
          "aria-autocomplete": "list",
          "aria-controls": id,
          "aria-activedescendant": `${id}-${current?.key}`,
        } as const)
      : {},
    onSelect() {
      const { current: box } = area;
      if (!box || box.selectionStart !== box.selectionEnd) return close();
      const next = queryAt(box.value, box.selectionStart);
      if (next?.text !== typed?.text || next?.kind !== typed?.kind) setAt(0);
      setQuery(next);
    },
    /** Whether the key was meant for the list. */
    onKey(event: KeyboardEvent): boolean {
      if (!isOpen || !current || !isPlain(event)) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      // A command that is typed to its end is given at once.
      const isWhole = query?.kind === "command" && current.insert === `/${query.text}`;
      if (step) setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
      else if (event.key === "Tab" || (event.key === "Enter" && !isWhole)) pick(current);
      else if (event.key === "Escape") close();
      else return false;
      return true;
    },
  };
}

const NOTHING: readonly Suggestion[] = [];

function useFound(query: Query | null, input: CompletionInput): readonly Suggestion[] {
  const { conversation, people, sync, me } = input;
  const others = useOthers(query, conversation);
  const emoji = useEmoji(query?.kind === "emoji");
  const nameOf = useNames();
  return useMemo(() => {
    switch (query?.kind) {
      case "person": {
        const { summary, members, membersLoaded } = conversation;
        const known = new Set(people.authors.map((person) => person.id));
        const isHere = ({ id }: Author) =>
          summary.kind === "general" || id === me || members[id] !== undefined;
        const later = others.filter((person) => !known.has(person.id));
        const all = [...people.authors].sort(
          (a, b) => Number(isHere(b)) - Number(isHere(a)) || a.username.localeCompare(b.username),
        );
        const noteOf = (person: Author) =>
          summary.kind === "room" && membersLoaded && !isHere(person) ? t("composer.not-here") : "";
        const named = later.map((person) => ({ ...person, display_name: nameOf(person) }));
        return findPeople(query.text, [...all, ...named], me, noteOf);
      }
      case "room":
        return findRooms(query.text, Object.values(sync.state().conversations));
      case "emoji":
        return emoji ? findEmojiNamed(query.text, emoji, keptTone()) : NOTHING;
      case "command":
        return findCommands(query.text, conversation);
      default:
        return NOTHING;
    }
  }, [query, conversation, people, others, emoji, sync, me, nameOf]);
}

/** People of the server who are not known here. A private chat has only two. */
function useOthers(query: Query | null, { summary }: Conversation): readonly Author[] {
  const [others, setOthers] = useState<readonly Author[]>([]);
  const wanted = query?.kind === "person" && summary.kind !== "direct" ? query.text : "";
  useEffect(() => {
    if (wanted === "") return setOthers([]);
    // Suggestions are a help: without an answer there are those from here.
    return afterPause(
      () => api.findPeople(wanted, SHOWN_MAX),
      (accounts) => setOthers(accounts.filter((account) => !account.deactivated_at)),
    );
  }, [wanted]);
  return others;
}

/** The list of emoji, from the moment in which it is needed. */
function useEmoji(isNeeded: boolean) {
  const [emoji, setEmoji] = useState(emojiNow);
  const language = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are called otherwise in another language.
  useEffect(() => {
    if (!isNeeded) return;
    let isCurrent = true;
    loadEmoji().then(
      (set) => isCurrent && setEmoji(set),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [isNeeded, language]);
  return emoji;
}

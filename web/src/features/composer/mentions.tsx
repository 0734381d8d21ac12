// Suggestions while a name is being typed: arrows choose, Enter or Tab picks, Escape closes.
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import type { Author } from "../../api/types.ts";
import type { People } from "../../app/people.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { type MentionQuery, mentionAt, suggestionsFor, withMention } from "./mention-query.ts";

export interface MentionsInput {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  setText: (text: string) => void;
  people: People;
  me: number;
}

export type Mentions = ReturnType<typeof useMentions>;

export function useMentions({ area, text, setText, people, me }: MentionsInput) {
  const id = useId();
  const [query, setQuery] = useState<MentionQuery | null>(null);
  const [at, setAt] = useState(0);
  // Where the caret belongs after a name was put in.
  const caret = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caret is set once the text is there.
  useLayoutEffect(() => {
    if (caret.current === null) return;
    area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text, area]);

  const found = query ? suggestionsFor(query, people.authors, me) : [];
  const isOpen = found.length > 0;
  const current = found[Math.min(at, found.length - 1)];

  const close = () => setQuery(null);
  const pick = (person: Author) => {
    if (!query) return;
    const next = withMention(text, query, person.username);
    caret.current = next.caret;
    setText(next.text);
    close();
  };
  return {
    id,
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
          "aria-activedescendant": `${id}-${current?.id}`,
        } as const)
      : {},
    onSelect() {
      const { current: box } = area;
      if (!box || box.selectionStart !== box.selectionEnd) return close();
      const next = mentionAt(box.value, box.selectionStart);
      if (next?.text !== query?.text) setAt(0);
      setQuery(next);
    },
    /** Whether the key was meant for the list. */
    onKey(event: KeyboardEvent): boolean {
      if (!isOpen || !current) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
      else if (event.key === "Enter" || event.key === "Tab") pick(current);
      else if (event.key === "Escape") close();
      else return false;
      return true;
    },
  };
}

export function MentionList({ mentions }: { mentions: Mentions }) {
  return (
    <div className="mentions" id={mentions.id} role="listbox" aria-label="People to mention">
      {mentions.found.map((person) => (
        <div
          key={person.id}
          id={`${mentions.id}-${person.id}`}
          role="option"
          tabIndex={-1}
          aria-selected={person === mentions.current}
          className={person === mentions.current ? "row on" : "row"}
          // Before the box loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            mentions.pick(person);
          }}
        >
          <Avatar initials={initials(person.display_name)} hue={hueOf(person.id)} />
          <span className="row-name">
            <bdi>{person.display_name}</bdi> <small>@{person.username}</small>
          </span>
        </div>
      ))}
    </div>
  );
}

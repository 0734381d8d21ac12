// The people of a conversation as they are known here: its members, whoever wrote what is held, and me.
import { useMemo, useRef } from "react";
import type { Author } from "../api/types.ts";
import { useLanguage } from "../i18n/words.ts";
import { nameIn } from "../lib/names.ts";
import type { Conversation } from "../sync/state.ts";
import { useCopy, useMe } from "./copy.ts";

export interface People {
  /** Lower-case username → account. */
  usernames: ReadonlyMap<string, number>;
  authors: readonly Author[];
  /** The current name, or the one at hand for who is not known. */
  nameOf: (account: number, fallback: string) => string;
  knownName: (account: number) => string | null;
}

export function usePeople({ members, window, summary }: Conversation): People {
  const me = useMe();
  const names = useCopy((state) => state.names);
  const language = useLanguage();
  const messages = window?.messages;
  const authors = useSame(
    // biome-ignore lint/correctness/useExhaustiveDependencies: a guest is marked in the language that is spoken.
    useMemo(() => {
      const known = new Map<number, Author>();
      const meet = (author: Author) =>
        known.set(author.id, { ...author, ...names[author.id], display_name: nameIn(names, author) });
      for (const message of messages ?? []) if (!known.has(message.author.id)) meet(message.author);
      for (const member of Object.values(members)) meet(member.account);
      if (summary.with) meet(summary.with);
      meet(me);
      return [...known.values()].sort((a, b) => a.id - b.id);
    }, [members, messages, summary.with, me, names, language]),
  );
  return useMemo(() => {
    const known = new Map(authors.map(({ id, display_name }) => [id, display_name]));
    return {
      authors,
      usernames: new Map(authors.map(({ username, id }) => [username.toLowerCase(), id])),
      nameOf: (account, fallback) => known.get(account) ?? names[account]?.display_name ?? fallback,
      knownName: (account) => known.get(account) ?? names[account]?.display_name ?? null,
    };
  }, [authors, names]);
}

/** The list of before, if it says the same: every message is drawn again when the people change. */
function useSame(authors: Author[]): Author[] {
  const before = useRef(authors);
  const isSame =
    authors.length === before.current.length &&
    authors.every((author, index) => isEqual(author, before.current[index]));
  if (!isSame) before.current = authors;
  return before.current;
}

function isEqual(a: Author, b: Author | undefined): boolean {
  return a.id === b?.id && a.username === b.username && a.display_name === b.display_name;
}

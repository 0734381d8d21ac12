// The people of a conversation as they are known here: its members, whoever wrote what is held, and me.
import { useMemo } from "react";
import type { Author } from "../api/types.ts";
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
  const messages = window?.messages;
  return useMemo(() => {
    const known = new Map<number, Author>();
    const meet = (author: Author) => known.set(author.id, { ...author, ...names[author.id] });
    for (const message of messages ?? []) meet(message.author);
    for (const member of Object.values(members)) meet(member.account);
    if (summary.with) meet(summary.with);
    meet(me);
    return {
      authors: [...known.values()],
      usernames: new Map([...known.values()].map(({ username, id }) => [username.toLowerCase(), id])),
      nameOf: (account, fallback) =>
        known.get(account)?.display_name ?? names[account]?.display_name ?? fallback,
      knownName: (account) => known.get(account)?.display_name ?? names[account]?.display_name ?? null,
    };
  }, [members, messages, summary.with, me, names]);
}

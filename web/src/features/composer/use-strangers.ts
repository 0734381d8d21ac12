// The people whom the text mentions and who are not here, once typing pauses. A name that nobody has warns of nothing.
import { useEffect, useState } from "react";
import { api } from "../../api/calls.ts";
import type { Account, Author } from "../../api/types.ts";
import type { Conversation } from "../../sync/state.ts";
import { strangersIn } from "./strangers.ts";

/** Long enough not to look after every letter. */
const PAUSE_MS = 400;
/** Enough to find the one whose name is exactly this among those whose names begin so. */
const FOUND_MAX = 20;
/** Names remembered while the page is open; a full memory begins anew. */
const REMEMBERED_MAX = 200;

/** Name → who has it. */
const remembered = new Map<string, Account | null>();

export function useStrangers(text: string, conversation: Conversation, me: Author): readonly Account[] {
  const [strangers, setStrangers] = useState<readonly Account[]>([]);
  const { summary, members, membersLoaded } = conversation;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the conversation only the members matter, not each message.
  useEffect(() => {
    let isCurrent = true;
    const show = (found: readonly Account[]) => {
      if (isCurrent) setStrangers((before) => (before.length === 0 && found.length === 0 ? before : found));
    };
    if (!text.includes("@")) show([]);
    const timer = setTimeout(() => {
      const names = strangersIn(text, conversation, me);
      Promise.all(names.map(accountNamed)).then(
        (found) => show(found.filter((account) => account !== null)),
        // A warning that cannot be checked is not given.
        () => {},
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, summary.id, members, membersLoaded, me]);
  return strangers;
}

async function accountNamed(name: string): Promise<Account | null> {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const accounts = await api.findPeople(name, FOUND_MAX);
  const found = accounts.find((one) => one.username.toLowerCase() === name && !one.deactivated_at) ?? null;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(name, found);
  return found;
}

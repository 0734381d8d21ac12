// Who stands in the list of members: those whom the copy holds, in order; the pages behind them, asked for by key; and, in
// General, whoever the server finds under a name.
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Author, Membership, MembershipRole } from "../../api/types.ts";
import { useNames } from "../../app/copy.ts";
import { afterPause } from "../../lib/after-pause.ts";
import { MEMBERS_MAX } from "../../sync/limits.ts";
import type { Conversation } from "../../sync/state.ts";

export interface Person {
  account: Author;
  role: MembershipRole;
  /** Absent: found by name, and not among the members held here. */
  member?: Membership;
}

export interface Directory {
  people: readonly Person[];
  /** How many there are, as far as it is known. */
  count: number;
  /** There are more, on the server. */
  hasMore: boolean;
  isLoading: boolean;
  error: string | null;
  loadMore: () => void;
}

const ORDER: Readonly<Record<MembershipRole, number>> = { owner: 0, moderator: 1, member: 2 };

/** Members asked for at once. */
const PAGE_LEN = 200;
/** People found by a name: who is not among them is found by typing more. */
const FOUND_MAX = 50;

export function useDirectory(conversation: Conversation, query: string): Directory {
  const nameOf = useNames();
  const { members } = conversation;
  const isCut = Object.keys(members).length >= MEMBERS_MAX;
  const pages = usePages(conversation, isCut);
  const wanted = useDeferredValue(query.trim().replace(/^@/u, "").toLocaleLowerCase());
  const found = useFound(conversation.summary.kind === "general" && isCut ? wanted : "");
  const sorted = useMemo(() => {
    const people = Object.values(members).map((member) => ({
      account: member.account,
      role: member.role,
      member,
    }));
    return people.sort(
      (a, b) => ORDER[a.role] - ORDER[b.role] || nameOf(a.account).localeCompare(nameOf(b.account)),
    );
  }, [members, nameOf]);
  const people = useMemo(() => {
    const known = new Map<number, Person>();
    for (const person of [...sorted, ...pages.people, ...found]) {
      if (!known.has(person.account.id) && fits(person.account, wanted, nameOf)) {
        known.set(person.account.id, person);
      }
    }
    return [...known.values()];
  }, [sorted, pages.people, found, wanted, nameOf]);
  return {
    people,
    count: sorted.length + pages.people.length,
    hasMore: pages.hasMore && wanted === "",
    isLoading: pages.isLoading,
    error: pages.error,
    loadMore: pages.loadMore,
  };
}

function fits(account: Author, wanted: string, nameOf: (author: Author) => string): boolean {
  if (wanted === "") return true;
  const name = nameOf(account).toLocaleLowerCase();
  return name.includes(wanted) || account.username.toLocaleLowerCase().includes(wanted);
}

/** The pages behind the members that the copy holds, which are those with the lowest ids. */
function usePages({ members, summary }: Conversation, isCut: boolean) {
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [isEnd, setIsEnd] = useState(false);
  const [isLoading, setIsLoading] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const loadMore = useCallback(async () => {
    setIsLoading(true);
    try {
      const last = people.at(-1)?.account.id ?? Math.max(...Object.keys(members).map(Number));
      const page = await api.membersPage(summary.id, "active", { after: last, limit: PAGE_LEN });
      const more = page.memberships.map((member) => ({ account: member.account, role: member.role, member }));
      setPeople((before) => [...before, ...more]);
      setIsEnd(!page.has_more);
      setError(null);
    } catch (thrown) {
      setError(explain(thrown));
    }
    setIsLoading(false);
  }, [people, members, summary.id]);
  return { people, hasMore: isCut && !isEnd, isLoading, error, loadMore: () => void loadMore() };
}

function useFound(query: string): readonly Person[] {
  const [found, setFound] = useState<readonly Person[]>([]);
  useEffect(() => {
    setFound([]);
    if (query === "") return;
    // Without an answer, those who are known here are found all the same.
    return afterPause(
      () => api.findPeople(query, FOUND_MAX),
      (accounts) => setFound(accounts.map((account) => ({ account, role: "member" }))),
    );
  }, [query]);
  return found;
}

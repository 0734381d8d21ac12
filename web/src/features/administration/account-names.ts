// The names of accounts of which only the id is at hand, each asked for once.
import { useEffect, useState } from "react";
import { api } from "../../api/calls.ts";
import { useCopy } from "../../app/copy.ts";

/** Old ones are forgotten first. */
const HELD_MAX = 500;

const held = new Map<number, Promise<string | null>>();

/** `null` until it has come, and where it cannot be had. */
export function useAccountName(id: number | null): string | null {
  const known = useCopy((state) => (id === null ? null : (state.names[id]?.display_name ?? null)));
  const [found, setFound] = useState<string | null>(null);
  useEffect(() => {
    if (id === null || known !== null) return;
    let isCurrent = true;
    void nameOf(id).then((name) => isCurrent && setFound(name));
    return () => {
      isCurrent = false;
    };
  }, [id, known]);
  return known ?? found;
}

function nameOf(id: number): Promise<string | null> {
  const before = held.get(id);
  if (before) return before;
  const asked = api.account(id).then(
    (account) => account.display_name,
    () => {
      held.delete(id);
      return null;
    },
  );
  held.set(id, asked);
  const oldest = held.keys().next().value;
  if (held.size > HELD_MAX && oldest !== undefined) held.delete(oldest);
  return asked;
}

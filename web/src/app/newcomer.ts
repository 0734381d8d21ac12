// Whether somebody is here for the first time. Kept on this device, for each account, and longer than a session.
import type { Me } from "../api/types.ts";
import { readItem, writeItem } from "../lib/storage.ts";
import type { State } from "../sync/state.ts";

/** Who has had an account for longer was here before, perhaps with another device. */
const NEW_MS = 86_400_000;

const key = (account: number) => `parlor.welcome.${account}`;

/** To be asked when General opens, before anything of it counts as read. Once yes, it stays so for a day. */
export function isNewcomer({ id, created_at }: Me, { conversations }: State): boolean {
  const kept = readItem(key(id));
  const hasRead = Object.values(conversations).some(({ summary }) => summary.read_seq > 0);
  const isNew = kept === "new" || (kept === null && !hasRead);
  if (!isNew || Date.now() - Date.parse(created_at) > NEW_MS) return false;
  writeItem(key(id), "new");
  return true;
}

/** They know their way now. */
export function endWelcome(account: number): void {
  writeItem(key(account), "known");
}

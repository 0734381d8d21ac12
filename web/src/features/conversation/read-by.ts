// How far others have read: said once, under my newest message that somebody has read.
import { useMemo } from "react";
import { t } from "../../i18n/words.ts";
import { listOf } from "../../lib/names.ts";
import type { Conversation } from "../../sync/state.ts";

export interface ReadBy {
  seq: number;
  text: string;
  /** Some of them, for the tooltip. */
  names: string;
  /** There is a list of them to look at. */
  canOpen: boolean;
}

const NAMES_MAX = 5;

/** The same object as long as it says the same: the row is drawn again only when it changes. */
export function useReadBy(conversation: Conversation, me: number): ReadBy | null {
  const found = readByOf(conversation, me);
  const said = found ? `${found.seq} ${found.text} ${found.names}` : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it says is what it is.
  return useMemo(() => found, [said]);
}

function readByOf(conversation: Conversation, me: number): ReadBy | null {
  const { window, members, summary } = conversation;
  // In General that would be everybody's business.
  if (!window || window.hasNewer || summary.kind === "general") return null;
  const mine = window.messages.findLast((message) => message.author.id === me && !message.deleted_at);
  if (!mine) return null;
  const readers = Object.values(members).filter((one) => one.account.id !== me && one.read_seq >= mine.seq);
  if (readers.length === 0) return null;
  const isRoom = summary.kind === "room";
  return {
    seq: mine.seq,
    text: isRoom ? t("conversation.read-by", { count: readers.length }) : t("conversation.read"),
    names: listOf(
      readers.map((one) => one.account.display_name),
      NAMES_MAX,
    ),
    canOpen: isRoom,
  };
}

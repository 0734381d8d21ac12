// How far others have read: said once, under my newest message that somebody has read.
import type { Conversation } from "../../sync/state.ts";

export function readByOf(conversation: Conversation, me: number): { seq: number; text: string } | null {
  const { window, members, summary } = conversation;
  // In General that would be everybody's business.
  if (!window || window.hasNewer || summary.kind === "general") return null;
  const mine = window.messages.findLast((message) => message.author.id === me && !message.deleted_at);
  if (!mine) return null;
  const readers = Object.values(members).filter((one) => one.account.id !== me && one.read_seq >= mine.seq);
  if (readers.length === 0) return null;
  return { seq: mine.seq, text: summary.kind === "direct" ? "read" : `read by ${readers.length}` };
}

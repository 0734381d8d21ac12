// Puts an emoji on a message, or takes it back.
import { api } from "../api/calls.ts";
import type { Context, MessageTarget } from "./action.ts";
import { canWrite } from "./can-write.ts";

/** Offered at once; the first ones are what people use most. */
export const QUICK_EMOJI = ["👍", "❤️", "😂", "🎉", "👀", "🙏"] as const;

export function canReact({ message, conversation }: MessageTarget): boolean {
  return !message.deleted_at && canWrite(conversation);
}

export async function toggleReaction(
  { message }: MessageTarget,
  emoji: string,
  { sync, me }: Context,
): Promise<void> {
  const mine = message.reactions.find((reaction) => reaction.emoji === emoji)?.accounts.includes(me.id);
  sync.take({ type: "message", message: await api.react(message.id, emoji, !mine) });
}

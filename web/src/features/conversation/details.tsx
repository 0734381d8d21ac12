// What there is to know about a message: who reacted, who has read it, what it said before. It loads when it is wanted.
import type { Message } from "../../api/types.ts";
import { laterDialog } from "../../app/later.tsx";
import type { People } from "../../app/people.ts";
import type { Conversation } from "../../sync/state.ts";

export type Detail = "reactions" | "readers" | "edits";

export interface DetailsProps {
  detail: Detail;
  message: Message;
  conversation: Conversation;
  people: People;
  me: number;
  onClose: () => void;
}

export const Details = laterDialog<DetailsProps>(() =>
  import("./details-dialog.tsx").then((part) => part.DetailsDialog),
);

/** What can be told about this message, in the order in which the menu offers it. */
export function detailsOf(message: Message, { summary }: Conversation, me: number): Detail[] {
  if (message.deleted_at) return [];
  const found: Detail[] = [];
  if (message.reactions.length > 0) found.push("reactions");
  // In General that would be everybody's business.
  if (message.author.id === me && summary.kind === "room") found.push("readers");
  if (message.edited_at) found.push("edits");
  return found;
}

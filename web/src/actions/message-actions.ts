// Everything one can do to a message, in the order in which it is offered.
import type { Action, MessageTarget } from "./action.ts";
import { copyLink } from "./copy-link.ts";
import { copyText } from "./copy-text.ts";
import { deleteMessage } from "./delete.ts";
import { edit } from "./edit.ts";
import { markUnreadFrom } from "./mark-unread.ts";
import { reply } from "./reply.ts";
import { showProfile } from "./show-profile.ts";

export const MESSAGE_ACTIONS: readonly Action<MessageTarget>[] = [
  reply,
  edit,
  copyText,
  copyLink,
  markUnreadFrom,
  showProfile,
  deleteMessage,
];

// Who and by which door: what is said quietly beside a name, so that nobody takes a guest for somebody they know.
import type { Message } from "../api/types.ts";
import { t } from "../i18n/words.ts";

/** The names of the apps whose clients speak these dialects. */
const APPS: Record<NonNullable<Message["dialect"]>, string> = {
  chats: "Chats",
  chatter_box: "Chatter-Box",
  chat_app: "ChatApp",
  chatroom: "Chatroom",
  flask_chat: "Flask chat",
};

export function isGuest(message: Message): boolean {
  return message.author.kind === "guest";
}

/** "via ChatApp"; `null` for what was said in Parlor's own clients. */
export function via(message: Message): string | null {
  return message.dialect ? t("lib.via", { app: APPS[message.dialect] }) : null;
}

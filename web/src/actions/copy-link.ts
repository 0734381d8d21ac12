import { Link } from "lucide-react";
import { linkTo } from "../lib/links.ts";
import { notify } from "../ui/toasts.tsx";
import type { Action, MessageTarget } from "./action.ts";
import { copyText } from "./clipboard.ts";

export const copyLink: Action<MessageTarget> = {
  id: "copy-link",
  label: "Copy link",
  icon: Link,
  shortcut: "L",
  when: ({ message }) => message.body !== null,
  async perform({ message }) {
    await copyText(new URL(linkTo(message.conversation_id, message.seq), location.origin).href);
    notify("The link is copied. It opens for those who are in this conversation.");
  },
};

import { Link } from "lucide-react";
import { t } from "../i18n/words.ts";
import { linkTo } from "../lib/links.ts";
import { notify } from "../ui/toasts.tsx";
import type { Action, MessageTarget } from "./action.ts";
import { copyText } from "./clipboard.ts";

export const copyLink: Action<MessageTarget> = {
  id: "copy-link",
  label: "actions.copy-link",
  icon: Link,
  shortcut: "L",
  when: ({ message }) => message.body !== null,
  async perform({ message }) {
    await copyText(new URL(linkTo(message.conversation_id, message.seq), location.origin).href);
    notify(t("actions.link-copied"));
  },
};

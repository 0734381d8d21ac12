import { Link } from "lucide-react";
import { linkTo } from "../lib/links.ts";
import type { Action, MessageTarget } from "./action.ts";
import { copyAddress } from "./clipboard.ts";

export const copyLink: Action<MessageTarget> = {
  id: "copy-link",
  label: "actions.copy-link",
  icon: Link,
  shortcut: "L",
  when: ({ message }) => message.body !== null,
  perform: ({ message }) => copyAddress(linkTo(message.conversation_id, message.seq)),
};

import { Copy } from "lucide-react";
import { t } from "../i18n/words.ts";
import { notify } from "../ui/toasts.tsx";
import type { Action, MessageTarget } from "./action.ts";
import { copyText as copy } from "./clipboard.ts";

export const copyText: Action<MessageTarget> = {
  id: "copy-text",
  label: "actions.copy-text",
  icon: Copy,
  shortcut: "C",
  when: ({ message }) => message.body !== null,
  async perform({ message }) {
    await copy(message.body ?? "");
    notify(t("actions.copied"));
  },
};

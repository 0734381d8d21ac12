import { api } from "../../api/calls.ts";
import { t } from "../../i18n/words.ts";
import { charsOf } from "../../lib/text.ts";
import { decides } from "../../sync/state.ts";
import { notify } from "../../ui/toasts.tsx";
import { type Command, DONE } from "./command.ts";

/** As the form of the room's details has it. */
const TOPIC_CHARS_MAX = 500;

export const topic: Command = {
  name: "topic",
  takes: "actions.command-text",
  help: "actions.command-topic",
  refusal({ conversation }) {
    if (conversation.summary.kind !== "room") return t("actions.topic-elsewhere");
    return decides(conversation) ? null : t("actions.topic-member");
  },
  async perform(text, { conversation }, { sync }) {
    if (text === "") return { kind: "refused", reason: t("actions.topic-empty") };
    const over = charsOf(text) - TOPIC_CHARS_MAX;
    if (over > 0) return { kind: "refused", reason: t("actions.topic-long", { max: TOPIC_CHARS_MAX }) };
    const details = await api.updateConversation(conversation.summary.id, { description: text });
    sync.take({ type: "details", details });
    notify(t("actions.topic-changed"));
    return DONE;
  },
};

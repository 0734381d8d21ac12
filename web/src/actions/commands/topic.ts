import { api } from "../../api/calls.ts";
import { charsOf } from "../../lib/text.ts";
import { decides } from "../../sync/state.ts";
import { notify } from "../../ui/toasts.tsx";
import { type Command, DONE } from "./command.ts";

/** As the form of the room's details has it. */
const TOPIC_CHARS_MAX = 500;

export const topic: Command = {
  name: "topic",
  takes: "text",
  help: "Says at the top what this room is about",
  refusal({ conversation }) {
    if (conversation.summary.kind !== "room") return "Only rooms have a topic.";
    return decides(conversation) ? null : "Only the owner and the moderators of this room set its topic.";
  },
  async perform(text, { conversation }, { sync }) {
    if (text === "")
      return { kind: "refused", reason: "Write the topic after it: /topic What we talk about" };
    const over = charsOf(text) - TOPIC_CHARS_MAX;
    if (over > 0) return { kind: "refused", reason: `A topic has at most ${TOPIC_CHARS_MAX} characters.` };
    const details = await api.updateConversation(conversation.summary.id, { description: text });
    sync.take({ type: "details", details });
    notify("The topic is changed.");
    return DONE;
  },
};

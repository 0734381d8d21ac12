// Changing a message that one wrote: what is typed stands apart from the draft, and is kept when saving fails.
import { useState } from "react";
import { type Context, explain, run } from "../../actions/action.ts";
import { deleteMessage } from "../../actions/delete.ts";
import { api } from "../../api/calls.ts";
import type { Message } from "../../api/types.ts";
import type { Conversation } from "../../sync/state.ts";
import { notify } from "../../ui/toasts.tsx";
import { toEmoji } from "./use-sending.ts";

export interface Editing {
  /** What is being changed; `null`: nothing. */
  message: Message | null;
  text: string;
  busy: boolean;
  begin: (message: Message) => void;
  type: (text: string) => void;
  stop: () => void;
  /** An edit that leaves nothing deletes the message. */
  save: () => void;
}

export function useEditing(conversation: Conversation, context: Context): Editing {
  const [edit, setEdit] = useState<{ message: Message; text: string; busy: boolean } | null>(null);

  async function save(message: Message, text: string): Promise<void> {
    setEdit({ message, text, busy: true });
    try {
      const body = await toEmoji(text);
      context.sync.take({ type: "message", message: await api.editMessage(message.id, body) });
      setEdit(null);
    } catch (error) {
      setEdit({ message, text, busy: false });
      notify(explain(error), true);
    }
  }

  return {
    message: edit?.message ?? null,
    text: edit?.text ?? "",
    busy: edit?.busy ?? false,
    begin: (message) => setEdit({ message, text: message.body ?? "", busy: false }),
    type: (text) => edit && setEdit({ ...edit, text }),
    stop: () => setEdit(null),
    save() {
      if (!edit || edit.busy) return;
      const { message, text } = edit;
      if (text.trim() === "") {
        setEdit(null);
        void run(deleteMessage, { message, conversation }, context);
      } else if (text === message.body) setEdit(null);
      else void save(message, text);
    },
  };
}

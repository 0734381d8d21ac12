// What happens to a text when it is sent: a command is done, signs and short names become emoji, the rest goes to the
// outbox.
import { useState } from "react";
import { type Context, explain } from "../../actions/action.ts";
import { parseCommand } from "../../actions/commands/commands.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";

export interface SendingInput {
  conversation: Conversation;
  context: Context;
  /** Sends it as a message. `false`: there is no room for it. */
  send: (text: string) => boolean;
  /** The text is dealt with and goes from the box, as a message or as a command. */
  onDone: (isSent: boolean) => void;
  onHelp: () => void;
}

/** So long a message waits for the list of emoji; then it is sent as it was typed. */
const EMOJI_WAIT_MS = 2_000;
/** A text without any of these has nothing that could become an emoji. */
const MAYBE_EMOJI = /[:;<]|xD/i;

export function useSending({ conversation, context, send, onDone, onHelp }: SendingInput) {
  const [warning, setWarning] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  function post(text: string): void {
    if (!send(text)) setWarning(t("composer.full"));
    else onDone(true);
  }

  /** At once where it can be, so that what is typed next is typed into an empty box. */
  async function submit(typed: string): Promise<void> {
    setWarning(null);
    const parsed = parseCommand(typed);
    if (parsed.kind === "unknown") {
      setWarning(t("composer.unknown-command", { name: parsed.name }));
    } else if (parsed.kind === "text" && !MAYBE_EMOJI.test(parsed.text)) {
      post(parsed.text);
    } else {
      setBusy(true);
      try {
        if (parsed.kind === "text") post(await toEmoji(parsed.text));
        else await give(parsed);
      } catch (error) {
        setWarning(explain(error));
      }
      setBusy(false);
    }
  }

  async function give({ command, text }: Extract<ReturnType<typeof parseCommand>, { kind: "command" }>) {
    const target = { conversation };
    const refusal = command.refusal(target);
    if (refusal !== null) return setWarning(refusal);
    const outcome = await command.perform(text, target, context);
    if (outcome.kind === "refused") return setWarning(outcome.reason);
    if (outcome.kind === "send") return post(await toEmoji(outcome.text));
    if (outcome.kind === "help") onHelp();
    onDone(false);
  }

  return { submit, busy, warning, warn: setWarning };
}

/** With emoji where signs and short names stand for them, if what is needed for that can be had soon. */
export async function toEmoji(text: string): Promise<string> {
  if (!MAYBE_EMOJI.test(text)) return text;
  const late = new Promise<string>((resolve) => setTimeout(() => resolve(text), EMOJI_WAIT_MS));
  const done = import("../emoji/convert.ts").then(({ converted }) => converted(text));
  return Promise.race([done, late]).catch(() => text);
}

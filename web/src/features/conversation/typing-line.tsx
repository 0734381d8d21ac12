// Who is typing. The line is always there, so that it moves nothing when it fills.
import { t } from "../../i18n/words.ts";
import { listOf } from "../../lib/names.ts";
import type { Conversation } from "../../sync/state.ts";

export function TypingLine({
  conversation,
  knownName,
}: {
  conversation: Conversation;
  knownName: (id: number) => string | null;
}) {
  const ids = Object.keys(conversation.typing).map(Number);
  const names = ids.map((id) => knownName(id) ?? t("conversation.somebody-typing"));
  const text =
    names.length > 0 ? t("conversation.typing", { count: names.length, names: listOf(names) }) : "";
  return <div className="typing">{text}</div>;
}

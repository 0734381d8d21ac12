// Who is typing. The line is always there, so that it moves nothing when it fills.

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
  const names = ids.map((id) => knownName(id) ?? "Somebody");
  const text = names.length > 0 ? `${listOf(names)} ${names.length === 1 ? "is" : "are"} typing…` : "";
  return <div className="typing">{text}</div>;
}

// The private chat with somebody: the one that there is, or a new one.
import { api } from "../api/calls.ts";
import type { Context } from "./action.ts";

export async function startDirect(
  account: number,
  { sync, go }: Pick<Context, "sync" | "go">,
): Promise<void> {
  const known = Object.values(sync.state().conversations).find(({ summary }) => summary.with?.id === account);
  if (known) return go(`/c/${known.summary.id}`);
  const { conversation } = await api.startDirect(account);
  sync.take({ type: "summary", summary: conversation });
  go(`/c/${conversation.id}`);
}

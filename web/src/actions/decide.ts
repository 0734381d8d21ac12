// Deciding on who asks to join, whichever way.
import { api } from "../api/calls.ts";
import { asApiError } from "../api/problem.ts";
import { t } from "../i18n/words.ts";
import { notify } from "../ui/toasts.tsx";
import type { Context, MemberTarget } from "./action.ts";

export async function decide(
  { member }: MemberTarget,
  { sync }: Context,
  call: typeof api.approve,
): Promise<void> {
  const { conversation_id, account } = member;
  try {
    sync.take({ type: "membership", membership: await call(conversation_id, account.id) });
  } catch (error) {
    if (asApiError(error).code !== "already_decided") throw error;
    notify(t("actions.already-decided"));
  }
  // The count at the sidebar and the list may stand at different answers: both are read afresh.
  const memberships = await api.members(conversation_id, "pending");
  sync.take({ type: "pending", conversation: conversation_id, memberships });
  sync.take({ type: "summary", summary: await api.conversation(conversation_id) });
}

// Makes an invite link, with the question before anybody comes in, and puts it where one can paste it.
import { api } from "../api/calls.ts";
import { t } from "../i18n/words.ts";
import { notify } from "../ui/toasts.tsx";
import { copyText } from "./clipboard.ts";

/** Why there is no link to paste, in a sentence; `null`: there is. */
export async function copyInvite(conversation: number): Promise<string | null> {
  const { url } = await api.makeInvite(conversation, true);
  if (!url) return t("actions.invite-without-link");
  try {
    await copyText(url);
  } catch {
    return t("actions.invite-not-copied", { url });
  }
  notify(t("actions.invite-copied"));
  return null;
}

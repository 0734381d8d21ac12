// Makes an invite link, with the question before anybody comes in, and puts it where one can paste it.
import { api } from "../api/calls.ts";
import { notify } from "../ui/toasts.tsx";
import { copyText } from "./clipboard.ts";

/** Why there is no link to paste, in a sentence; `null`: there is. */
export async function copyInvite(conversation: number): Promise<string | null> {
  const { url } = await api.makeInvite(conversation, true);
  if (!url) return "The server made an invite without a link.";
  try {
    await copyText(url);
  } catch {
    return `The browser did not let the link be copied. Here it is: ${url}`;
  }
  notify("The invite link is copied. Whoever follows it asks, and you let them in.");
  return null;
}

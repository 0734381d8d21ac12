// Writes to the clipboard, also on a page without TLS, where browsers hide the clipboard's own interface.
import { t } from "../i18n/words.ts";
import { notify } from "../ui/toasts.tsx";

export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden-text";
  // A modal dialog makes everything outside of it inert.
  const home = document.querySelector("dialog[open]") ?? document.body;
  home.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (!isCopied) throw new Error("the browser did not copy");
}

/** A link to a place of the client, and says that it is there to be pasted. */
export async function copyAddress(path: string): Promise<void> {
  await copyText(new URL(path, location.origin).href);
  notify(t("actions.link-copied"));
}

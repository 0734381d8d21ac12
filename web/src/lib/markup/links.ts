// What may be followed: addresses of the web and of mail, and of these only the ones that hide nothing.

/** A new one for each search: it remembers where it is. */
export const addressStart = () => /https?:\/\/|mailto:/giu;

const BARE = /^(?:https?:\/\/|mailto:)[^\s<>"'`]+/iu;
const WEB = /^https?:\/\/[^/\\?#]/iu;
const MAIL = /^mailto:[^\s@?&%]+@[^\s@?&%]+$/iu;
/** Signs that cannot be seen, or that change the order of what is seen. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]/u;
const LOOKS_LIKE_ADDRESS = /^\s*(?:https?:\/\/|www\.)\S+\s*$/iu;

/** Punctuation that belongs to the sentence around an address. */
const TAIL = /[.,;:!?}\]*_~]/u;

/** The address as the browser will open it; `null`: it is not to be followed. */
export function hrefOf(address: string): string | null {
  if (HIDDEN.test(address)) return null;
  if (MAIL.test(address)) return address;
  if (!WEB.test(address)) return null;
  try {
    const url = new URL(address);
    // `https://bank.example@evil.example` leads to the second, and looks like the first.
    if (url.username !== "" || url.password !== "") return null;
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The address at the beginning of a text, without the punctuation of the sentence. */
export function bareAddress(text: string): { text: string; href: string } | null {
  const found = BARE.exec(text);
  if (!found) return null;
  const address = withoutTail(found[0]);
  const href = hrefOf(address);
  return href ? { text: address, href } : null;
}

/** Whether words in a link may stand for its address: seen at all, and not themselves the address of another place. */
export function isHonest(label: string, href: string): boolean {
  if (!/[^\p{C}\p{Z}]/u.test(label)) return false;
  if (!LOOKS_LIKE_ADDRESS.test(label)) return true;
  const shown = label.trim();
  return hostOf(/^www\./iu.test(shown) ? `https://${shown}` : shown) === hostOf(href);
}

/**
 * The place that is shown beside a link whose words could be taken for another one: they name a host, or the host has letters of
 * which some look like others. Empty: there is nothing to add.
 */
export function placeBeside(words: string, href: string): string {
  const label = words.trim();
  if (href.startsWith("mailto:")) {
    const place = href.slice("mailto:".length);
    const isSaid = label === place || label === href;
    return !isSaid && (label.includes("@") || hostsIn(label).length > 0) ? place : "";
  }
  const { host, hostname } = new URL(href);
  if (hostname.split(".").some((part) => part.startsWith("xn--"))) return host;
  // A whole address is honest: `isHonest`.
  if (LOOKS_LIKE_ADDRESS.test(label)) return "";
  const own = hostname.replace(/^www\./u, "");
  return hostsIn(label).every((named) => named.replace(/^www\./u, "") === own) ? "" : host;
}

/** The words that read like the name of a host. */
function hostsIn(label: string): string[] {
  const words = label.toLowerCase().split(/[^\p{L}\p{N}.-]+/u);
  const named = words.map((word) => word.split(".").filter((part) => part !== ""));
  return named
    .filter((parts) => parts.length > 1 && /^\p{L}./u.test(parts.at(-1) ?? ""))
    .map((parts) => parts.join("."));
}

function hostOf(address: string): string | null {
  try {
    return new URL(address).host;
  } catch {
    return null;
  }
}

/** A bracket at the end belongs to the address only if it was opened inside. */
function withoutTail(address: string): string {
  let open = count(address, "(") - count(address, ")");
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    if (last === ")" && open < 0) open += 1;
    else if (!TAIL.test(last)) break;
  }
  return address.slice(0, end);
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

// Who is told of what: the difference between two states of the copy, by the level that was chosen for the conversation, or
// else for this device. Pure, so that all of it stands in a table of tests.
import type { Author, ConversationPreferences, Message, Seq } from "../../api/types.ts";
import { t } from "../../i18n/words.ts";
import { type Conversation, decides, type State } from "../../sync/state.ts";
import { isMuted } from "./muted.ts";

/** `personal`: private messages, mentions, and requests that I decide about. */
export type Level = "all" | "personal" | "nothing";

/** `mentions`: as `personal`, and of a private chat only what names me. */
type OwnLevel = Level | "mentions";

export type NoticeKind = "direct" | "mention" | "message" | "request";

export interface Notice {
  kind: NoticeKind;
  conversation: number;
  /** The message that a click leads to. Requests have none. */
  message: Message | null;
  /** How many of the kind wait there now. */
  count: number;
}

/** What one chose on this device, and how things stand there. */
export interface Here {
  level: Level;
  /** The conversation that somebody has before their eyes in this window. */
  lookedAt: number | null;
  now: number;
}

export function noticesOf(before: State, after: State, { level, lookedAt, now: moment }: Here): Notice[] {
  // What was there when one came in is shown, not told; so is another history.
  const isContinued = before.ready && after.ready && before.epoch === after.epoch;
  if (!isContinued || before.conversations === after.conversations) return [];
  const me = after.me?.id ?? 0;
  return Object.values(after.conversations).flatMap((now) => {
    const { id } = now.summary;
    const then = before.conversations[id];
    // A conversation that was not listed yet is not new.
    const isOld = !then && before.listedTo !== null && id > before.listedTo;
    if (now === then || isOld || id === lookedAt) return [];
    const own = levelOf(now.summary.preferences, level, moment);
    if (own === "nothing") return [];
    const found = [messageNotice(then, now, me, own), requestNotice(then, now)];
    return found.filter((notice) => notice !== null);
  });
}

/** What was set for the conversation counts more than what was set for the device, on every device. */
function levelOf(preferences: ConversationPreferences, level: Level, now: number): OwnLevel {
  if (isMuted(preferences, now)) return "nothing";
  return preferences.notify === "usual" ? level : preferences.notify;
}

function messageNotice(
  then: Conversation | undefined,
  now: Conversation,
  me: number,
  level: OwnLevel,
): Notice | null {
  const { id, kind, last_message, last_seq, read_seq, unread, unread_mentions } = now.summary;
  const knownTo = Math.max(then?.summary.last_seq ?? 0, read_seq);
  if (last_seq <= knownTo) return null;
  const fresh = freshIn(now, knownTo).filter((message) => message.author.id !== me && message.body !== null);
  const naming = fresh.findLast((message) => message.mentions.includes(me));
  const isNamed = naming !== undefined || unread_mentions > (then?.summary.unread_mentions ?? 0);
  const latest = fresh.at(-1);
  if (kind === "direct") {
    const isTold = isNamed || level !== "mentions";
    return latest && isTold ? { kind, conversation: id, message: latest, count: unread } : null;
  }
  // Several may have come at once, of which not all are held: which one names me is seen there.
  if (isNamed) {
    const message = naming ?? latest ?? last_message;
    return { kind: "mention", conversation: id, message, count: Math.max(1, unread_mentions) };
  }
  const isTold = level === "all";
  return latest && isTold ? { kind: "message", conversation: id, message: latest, count: unread } : null;
}

/** The messages after this one, as far as they are here. */
function freshIn({ window, summary }: Conversation, knownTo: Seq): Message[] {
  const held = window?.messages.filter((message) => message.seq > knownTo) ?? [];
  const { last_message: last } = summary;
  const isHeld = last === null || held.some((message) => message.seq === last.seq);
  return isHeld || last.seq <= knownTo ? held : [...held, last];
}

function requestNotice(then: Conversation | undefined, now: Conversation): Notice | null {
  const { id, pending_count: count } = now.summary;
  if (!decides(now) || count <= (then?.summary.pending_count ?? 0)) return null;
  return { kind: "request", conversation: id, message: null, count };
}

export interface Words {
  title: string;
  body: string;
}

export interface WordsInput {
  notice: Notice;
  /** Where: a room's name, or the other side's. */
  place: string;
  /** Who wrote or asks, as they are called now; `null` when that is not known. */
  who: string | null;
  /** Shows no word of what was written. */
  hidesText: boolean;
}

/** Who and where in the title; below it what, unless it is to be hidden. */
export function wordsOf({ notice: { kind, message, count }, place, who, hidesText }: WordsInput): Words {
  const name = who ?? t("told.somebody");
  const text = hidesText ? "" : shorten(message?.body ?? "");
  if (kind === "request") {
    return count > 1
      ? { title: place, body: t("told.requests", { count }) }
      : { title: t("told.request", { name, place }), body: "" };
  }
  const title = kind === "direct" ? place : count > 1 ? place : t("told.in-place", { name, place });
  if (count > 1) {
    const sum = t(kind === "mention" ? "told.mentions" : "told.unread", { count });
    const latest = text && (kind === "direct" ? text : t("told.said", { name, text }));
    return { title, body: latest ? `${sum}\n${latest}` : sum };
  }
  return { title, body: text || t(HIDDEN[kind]) };
}

const HIDDEN = {
  direct: "told.new-direct",
  mention: "told.new-mention",
  message: "told.new-message",
} as const;

/** A notification has room for few lines. */
const BODY_CHARS_MAX = 160;

function shorten(text: string): string {
  const chars = [...text.trim()];
  return chars.length > BODY_CHARS_MAX ? `${chars.slice(0, BODY_CHARS_MAX - 1).join("")}…` : chars.join("");
}

/** What makes a notice the same in two windows: the message, or who asks. */
export function markOf(
  { kind, message, count }: Notice,
  asking: { account: Author; joined_at: string } | null,
) {
  if (kind !== "request") return String(message?.seq ?? 0);
  return asking ? `${asking.account.id} ${asking.joined_at}` : `of ${count}`;
}

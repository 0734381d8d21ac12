// The browser's notifications: one for each conversation, the newer in the place of the older.
import { permission, refuses } from "./permission.ts";
import type { Words } from "./rules.ts";

export interface Shown {
  account: number;
  conversation: number;
  what: "message" | "request";
  words: Words;
  /** Our own sound is played instead of the system's. */
  isSilent: boolean;
  onClick: () => void;
}

/** So soon after one of the same conversation, the next takes its place without a sound. */
const CLOSE_MS = 5_000;

const open = new Map<string, { notification: Notification; at: number }>();

const tagOf = (account: number, conversation: number, what: string) =>
  `parlor.${account}.${conversation}.${what}`;

export function show({ account, conversation, what, words, isSilent, onClick }: Shown): void {
  if (permission() !== "granted") return;
  const tag = tagOf(account, conversation, what);
  const before = open.get(tag);
  const isClose = before !== undefined && Date.now() - before.at < CLOSE_MS;
  const options: NotificationOptions & { renotify: boolean } = {
    body: words.body,
    tag,
    renotify: !isClose,
    silent: isSilent || isClose,
  };
  try {
    const notification = new Notification(words.title, options);
    open.set(tag, { notification, at: Date.now() });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onClick();
    };
    notification.onclose = () => {
      if (open.get(tag)?.notification === notification) open.delete(tag);
    };
  } catch {
    refuses();
  }
}

/** What has been seen, here or elsewhere, need not be told any longer. */
export function withdraw(account: number, conversation: number, what: "message" | "request"): void {
  const tag = tagOf(account, conversation, what);
  open.get(tag)?.notification.close();
  open.delete(tag);
}

export function withdrawAll(): void {
  for (const { notification } of open.values()) notification.close();
  open.clear();
}

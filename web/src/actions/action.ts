// What an action is: one thing that somebody can do to something, wherever it is offered (menu, key, button).
import type { LucideIcon } from "lucide-react";
import { ApiError, asApiError, type Code } from "../api/problem.ts";
import type { Me, Membership, Message } from "../api/types.ts";
import type { Confirm } from "../app/confirm.tsx";
import type { OpenDialog } from "../app/dialogs.ts";
import { isKey, type Key, language, t, type Values } from "../i18n/words.ts";
import { capsOf } from "../lib/keys.ts";
import type { Conversation } from "../sync/state.ts";
import type { Sync } from "../sync/sync.ts";
import type { MenuItem } from "../ui/menu.tsx";
import { notify } from "../ui/toasts.tsx";

export interface Context {
  sync: Sync;
  me: Me;
  confirm: Confirm;
  /** Goes to another address of the client. */
  go: (path: string) => void;
  /** The box in which one writes, where there is one. */
  composer: { reply(message: Message): void; edit(message: Message): void } | null;
  /** Shows who wrote a message, where messages are shown. */
  showProfile?: (message: Message) => void;
}

export interface Action<Target> {
  id: string;
  /** The words for it. */
  label: Key;
  /** What stands in the places of the words. */
  values?: (target: Target) => Values;
  icon: LucideIcon;
  /** Keys that do it, as `lib/keys.ts` reads them. */
  shortcut?: string;
  /** Other keys for the same. */
  also?: readonly string[];
  danger?: boolean;
  /** It says how something is: by itself, or as one of several. */
  check?: { isOneOf: boolean; isOn: () => boolean };
  /** Whether it is offered. The server decides again. */
  when: (target: Target, context: Context) => boolean;
  perform: (target: Target, context: Context) => void | Promise<void>;
}

export interface MessageTarget {
  message: Message;
  conversation: Conversation;
}

export interface MemberTarget {
  member: Membership;
  conversation: Conversation;
}

/** The whole client: what works wherever one is. */
export interface HouseTarget {
  open: (dialog: OpenDialog) => void;
}

export interface RoomTarget {
  conversation: Conversation;
}

/** Does it, and says so when it did not work. */
export async function run<Target>(action: Action<Target>, target: Target, context: Context): Promise<void> {
  try {
    await action.perform(target, context);
  } catch (error) {
    notify(explain(error), true);
  }
}

/** The actions that are offered for a thing, as items of a menu. */
export function menuOf<Target>(
  actions: readonly Action<Target>[],
  target: Target,
  context: Context,
): MenuItem[] {
  const offered = actions.filter((action) => action.when(target, context));
  return offered.map((action) => ({
    id: action.id,
    label: t(action.label, action.values?.(target)),
    icon: action.icon,
    shortcut: action.shortcut && capsOf(action.shortcut).join(" "),
    danger: action.danger,
    check: action.check && { isOneOf: action.check.isOneOf, isOn: action.check.isOn() },
    perform: () => void run(action, target, context),
  }));
}

/** What went wrong, in a sentence for people. The server's own words say most, but it speaks English only. */
export function explain(error: unknown): string {
  const { code, message } = asApiError(error);
  const key: Key = `errors.${code}`;
  if (code === "network" || (language() !== "en" && isKey(key))) return t(key);
  return message.endsWith(".") ? message : `${message}.`;
}

/** The same for what the copy keeps of a failure: the server's code and, mostly, its sentence. */
export function explainKept({ code, detail }: { code: string; detail: string | null }): string {
  return explain(new ApiError({ code: code as Code, title: detail ?? code }));
}

// What a slash command is: a word after "/" at the beginning of a text that does something instead of being sent.
import { type Key, t } from "../../i18n/words.ts";
import type { Context, RoomTarget } from "../action.ts";

export interface Command {
  /** As it is typed after the slash. */
  name: string;
  /** The words for what follows the name, as one would write it down: "text", "[text]"; `null`: nothing. */
  takes: Key | null;
  /** The words for what it does. */
  help: Key;
  /** Why it cannot be done here, in a sentence; `null`: it can. The server decides again. */
  refusal: (target: RoomTarget) => string | null;
  perform: (text: string, target: RoomTarget, context: Context) => Outcome | Promise<Outcome>;
}

/** What comes of a command. */
export type Outcome =
  | { kind: "done" }
  /** This is sent in its place. */
  | { kind: "send"; text: string }
  /** It could not be done as it was written: why, in a sentence. */
  | { kind: "refused"; reason: string }
  | { kind: "help" };

/** The name and what follows it, for a list: "/topic text". */
export function usageOf({ name, takes }: Command): string {
  return takes ? `/${name} ${t(takes)}` : `/${name}`;
}

export const DONE: Outcome = { kind: "done" };

/** Can be done everywhere. */
export const ALWAYS = () => null;

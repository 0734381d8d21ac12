// What a slash command is: a word after "/" at the beginning of a text that does something instead of being sent.
import type { Context, RoomTarget } from "../action.ts";

export interface Command {
  /** As it is typed after the slash. */
  name: string;
  /** What follows the name, as one would write it down: "text", "[text]", or nothing. */
  takes: string;
  help: string;
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

export const DONE: Outcome = { kind: "done" };

/** Can be done everywhere. */
export const ALWAYS = () => null;

// All slash commands, and how one is told from a text.
import type { Command } from "./command.ts";
import { help } from "./help.ts";
import { invite } from "./invite.ts";
import { leave } from "./leave.ts";
import { me } from "./me.ts";
import { shrug } from "./shrug.ts";
import { topic } from "./topic.ts";

/** In the order in which they are offered. */
export const COMMANDS: readonly Command[] = [me, shrug, invite, topic, leave, help];

/** What a text is: to be sent as it stands (perhaps without the slash that said so), or a command and its text. */
export type Parsed =
  | { kind: "text"; text: string }
  | { kind: "command"; command: Command; text: string }
  | { kind: "unknown"; name: string };

/** A slash and a word alone or before a space. A path like "/etc/hosts" is none, nor is a slash by itself. */
const PATTERN = /^\/([\p{L}\p{N}_-]+)(?:\s+([\s\S]*))?$/u;

export function parseCommand(text: string): Parsed {
  if (text.startsWith("//")) return { kind: "text", text: text.slice(1) };
  const match = PATTERN.exec(text);
  if (!match) return { kind: "text", text };
  const name = (match[1] ?? "").toLowerCase();
  const command = COMMANDS.find((one) => one.name === name);
  return command
    ? { kind: "command", command, text: (match[2] ?? "").trim() }
    : { kind: "unknown", name: match[1] ?? "" };
}

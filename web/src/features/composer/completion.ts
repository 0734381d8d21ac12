// What is being typed at the caret: "@si" looks for a person, "#gar" for a room, ":smi" for an emoji, "/le" at the
// beginning for a command; and who and what is found.
import { usageOf } from "../../actions/commands/command.ts";
import { COMMANDS } from "../../actions/commands/commands.ts";
import type { Author } from "../../api/types.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { type EmojiSet, findEmoji, type Tone, toned } from "../emoji/emoji-set.ts";
import type { BoxEdit } from "./box-edit.ts";
import { isInCode } from "./code.ts";

export type QueryKind = "person" | "room" | "emoji" | "command";

export interface Query {
  kind: QueryKind;
  /** Where the sign stands. */
  from: number;
  /** Where the caret stands. */
  to: number;
  text: string;
}

export interface Suggestion {
  key: string;
  /** What takes the place of what was typed. */
  insert: string;
  name: string;
  note: string;
  sign:
    | { kind: "person"; id: number }
    | { kind: "room" }
    | { kind: "command" }
    | { kind: "emoji"; char: string };
}

/** Suggestions shown at once. */
export const SHOWN_MAX = 6;

/** An emoji needs two letters: ":D" and ":p" are sent as they are. A room's name may have spaces in it. */
const SIGNS: readonly [QueryKind, RegExp][] = [
  ["command", /^\/([\p{L}\p{N}_-]*)$/u],
  ["person", /(?:^|[^\p{L}\p{N}_@.-])@([\p{L}\p{M}\p{N}._-]{0,32})$/u],
  ["emoji", /(?:^|[^\p{L}\p{N}]):([\p{Ll}\p{Lo}\p{M}\p{N}_+-]{2,32})$/u],
  ["room", /(?:^|[\s(])#([^\s#@:][^\n#@:]{0,60}|)$/u],
];

export function queryAt(text: string, caret: number): Query | null {
  const before = text.slice(0, caret);
  for (const [kind, pattern] of SIGNS) {
    const typed = pattern.exec(before)?.[1];
    if (typed === undefined) continue;
    const isBeforeWord = kind === "command" && /^\S/u.test(text.slice(caret));
    return isBeforeWord || isInCode(text, caret)
      ? null
      : { kind, from: caret - typed.length - 1, to: caret, text: typed };
  }
  return null;
}

/** A space behind it that is there already is not doubled. */
export function editOf(query: Query, { insert }: Suggestion, text: string): BoxEdit {
  const to = text[query.to] === " " ? query.to + 1 : query.to;
  return { from: query.from, to, text: `${insert} ` };
}

/** Those whose username or name begins with it, in the order given; me I need not mention. */
export function findPeople(
  text: string,
  people: readonly Author[],
  me: number,
  noteOf: (person: Author) => string,
): Suggestion[] {
  const wanted = text.toLocaleLowerCase();
  const words = ({ username, display_name }: Author) => [username, ...display_name.split(/\s+/u)];
  return people
    .filter((person) => person.id !== me)
    .filter((person) => words(person).some((word) => word.toLocaleLowerCase().startsWith(wanted)))
    .slice(0, SHOWN_MAX)
    .map((person) => ({
      key: `p${person.id}`,
      insert: `@${person.username}`,
      name: person.display_name,
      note: [`@${person.username}`, noteOf(person)].filter(Boolean).join(" · "),
      sign: { kind: "person", id: person.id },
    }));
}

/** The rooms I am in whose name begins with it, then those in whose name a word does. What is archived is left out. */
export function findRooms(text: string, conversations: readonly Conversation[]): Suggestion[] {
  const wanted = text.toLocaleLowerCase();
  const rankOf = (name: string) => {
    const lower = name.toLocaleLowerCase();
    if (lower.startsWith(wanted)) return 0;
    return lower.split(/\s+/u).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return conversations
    .filter(({ summary }) => summary.kind !== "direct" && summary.archived_at === null)
    .map(({ summary }) => ({ id: summary.id, name: summary.name ?? "", about: summary.description }))
    .filter(({ name }) => name !== "" && rankOf(name) < 2)
    .sort((a, b) => rankOf(a.name) - rankOf(b.name) || a.name.localeCompare(b.name))
    .slice(0, SHOWN_MAX)
    .map(({ id, name, about }) => ({
      key: `r${id}`,
      insert: `#${name}`,
      name,
      note: about,
      sign: { kind: "room" },
    }));
}

export function findEmojiNamed(text: string, set: EmojiSet, tone: Tone): Suggestion[] {
  return findEmoji(set, text, SHOWN_MAX).map((emoji) => {
    const char = toned(emoji, tone);
    // The name that was typed, if it has several.
    const name = emoji.names.find((one) => one.startsWith(text)) ?? emoji.names[0] ?? "";
    return {
      key: `e${emoji.char}`,
      insert: char,
      name: `:${name}:`,
      note: emoji.label,
      sign: { kind: "emoji", char },
    };
  });
}

/** The commands that can be given here. */
export function findCommands(text: string, conversation: Conversation): Suggestion[] {
  return COMMANDS.filter(({ name }) => name.startsWith(text.toLowerCase()))
    .filter(({ refusal }) => refusal({ conversation }) === null)
    .map((command) => ({
      key: `c${command.name}`,
      insert: `/${command.name}`,
      name: usageOf(command),
      note: t(command.help),
      sign: { kind: "command" },
    }));
}

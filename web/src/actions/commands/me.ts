import { ALWAYS, type Command } from "./command.ts";

/** Sent as slanted text, line by line: the plain convention that every client can show, however little it knows. */
export const me: Command = {
  name: "me",
  takes: "text",
  help: "Says what you do, in slanted text",
  refusal: ALWAYS,
  perform(text) {
    if (text === "") return { kind: "refused", reason: "Write what you do after it: /me waves" };
    const lines = text.split("\n").map((line) => (line.trim() === "" ? line : `_${line.trim()}_`));
    return { kind: "send", text: lines.join("\n") };
  },
};

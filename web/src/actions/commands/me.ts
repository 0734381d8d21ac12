import { t } from "../../i18n/words.ts";
import { ALWAYS, type Command } from "./command.ts";

/** Sent as slanted text, line by line: the plain convention that every client can show, however little it knows. */
export const me: Command = {
  name: "me",
  takes: "actions.command-text",
  help: "actions.command-me",
  refusal: ALWAYS,
  perform(text) {
    if (text === "") return { kind: "refused", reason: t("actions.me-empty") };
    const lines = text.split("\n").map((line) => (line.trim() === "" ? line : `_${line.trim()}_`));
    return { kind: "send", text: lines.join("\n") };
  },
};

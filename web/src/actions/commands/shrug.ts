import { ALWAYS, type Command } from "./command.ts";

const SHRUG = "¯\\_(ツ)_/¯";

export const shrug: Command = {
  name: "shrug",
  takes: "actions.command-text-or-none",
  help: "actions.command-shrug",
  refusal: ALWAYS,
  perform: (text) => ({ kind: "send", text: `${text} ${SHRUG}`.trim() }),
};

import { ALWAYS, type Command } from "./command.ts";

const SHRUG = "¯\\_(ツ)_/¯";

export const shrug: Command = {
  name: "shrug",
  takes: "[text]",
  help: `Puts ${SHRUG} behind your text`,
  refusal: ALWAYS,
  perform: (text) => ({ kind: "send", text: `${text} ${SHRUG}`.trim() }),
};

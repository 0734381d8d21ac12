import { ALWAYS, type Command } from "./command.ts";

export const help: Command = {
  name: "help",
  takes: null,
  help: "actions.command-help",
  refusal: ALWAYS,
  perform: () => ({ kind: "help" }),
};

import { ALWAYS, type Command } from "./command.ts";

export const help: Command = {
  name: "help",
  takes: "",
  help: "Shows what one can do from here",
  refusal: ALWAYS,
  perform: () => ({ kind: "help" }),
};

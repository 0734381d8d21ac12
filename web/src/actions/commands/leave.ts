import { leave as leaveRoom } from "../leave.ts";
import { type Command, DONE } from "./command.ts";

export const leave: Command = {
  name: "leave",
  takes: "",
  help: "Leaves this room, after asking",
  refusal({ conversation: { summary } }) {
    if (summary.kind === "general") return "Everyone is in General, always.";
    if (summary.kind === "direct") return "A private chat cannot be left.";
    return summary.role === "owner" ? "To leave the room, hand it over to somebody first." : null;
  },
  async perform(_text, target, context) {
    await leaveRoom.perform(target, context);
    return DONE;
  },
};

import { t } from "../../i18n/words.ts";
import { leave as leaveRoom } from "../leave.ts";
import { type Command, DONE } from "./command.ts";

export const leave: Command = {
  name: "leave",
  takes: null,
  help: "actions.command-leave",
  refusal({ conversation: { summary } }) {
    if (summary.kind === "general") return t("actions.leave-general");
    if (summary.kind === "direct") return t("actions.leave-direct");
    return summary.role === "owner" ? t("actions.leave-owner") : null;
  },
  async perform(_text, target, context) {
    await leaveRoom.perform(target, context);
    return DONE;
  },
};

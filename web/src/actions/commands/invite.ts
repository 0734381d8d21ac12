import { decides } from "../../sync/state.ts";
import { copyInvite } from "../invite.ts";
import type { Command } from "./command.ts";

export const invite: Command = {
  name: "invite",
  takes: "",
  help: "Makes an invite link to this room and copies it",
  refusal({ conversation }) {
    const { kind } = conversation.summary;
    if (kind === "general") return "Everyone with an account is here already.";
    if (kind === "direct") return "A private chat stays between the two of you.";
    return decides(conversation) ? null : "Only the owner and the moderators of this room invite people.";
  },
  async perform(_text, { conversation }) {
    const failed = await copyInvite(conversation.summary.id);
    return failed === null ? { kind: "done" } : { kind: "refused", reason: failed };
  },
};

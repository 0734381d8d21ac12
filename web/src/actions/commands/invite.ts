import { t } from "../../i18n/words.ts";
import { decides } from "../../sync/state.ts";
import { copyInvite } from "../invite.ts";
import type { Command } from "./command.ts";

export const invite: Command = {
  name: "invite",
  takes: null,
  help: "actions.command-invite",
  refusal({ conversation }) {
    const { kind } = conversation.summary;
    if (kind === "general") return t("actions.invite-general");
    if (kind === "direct") return t("actions.invite-direct");
    return decides(conversation) ? null : t("actions.invite-member");
  },
  async perform(_text, { conversation }) {
    const failed = await copyInvite(conversation.summary.id);
    return failed === null ? { kind: "done" } : { kind: "refused", reason: failed };
  },
};

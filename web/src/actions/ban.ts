import { Ban } from "lucide-react";
import { api } from "../api/calls.ts";
import { t } from "../i18n/words.ts";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow } from "./membership.ts";

export const ban: Action<MemberTarget> = {
  id: "ban",
  label: "actions.ban",
  icon: Ban,
  danger: true,
  when: isBelow,
  async perform({ member }, { sync, confirm }) {
    const { display_name: name, id } = member.account;
    const question = {
      title: t("actions.ban-title", { name }),
      text: t("actions.ban-text", { name }),
      action: t("actions.ban"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    sync.take({ type: "membership", membership: await api.ban(member.conversation_id, id) });
  },
};

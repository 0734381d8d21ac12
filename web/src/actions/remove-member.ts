import { UserMinus } from "lucide-react";
import { api } from "../api/calls.ts";
import { t } from "../i18n/words.ts";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow } from "./membership.ts";

export const remove: Action<MemberTarget> = {
  id: "remove",
  label: "actions.remove",
  icon: UserMinus,
  danger: true,
  when: isBelow,
  async perform({ member }, { sync, confirm }) {
    const { display_name: name, id } = member.account;
    const question = {
      title: t("actions.remove-title", { name }),
      text: t("actions.remove-text", { name }),
      action: t("actions.remove-short"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    await api.removeMember(member.conversation_id, id);
    sync.take({ type: "membership", membership: { ...member, state: "left" } });
  },
};

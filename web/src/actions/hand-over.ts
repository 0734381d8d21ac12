import { Crown } from "lucide-react";
import { t } from "../i18n/words.ts";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow, ownsRoom, setRole } from "./membership.ts";

export const handOver: Action<MemberTarget> = {
  id: "hand-over",
  label: "actions.hand-over",
  icon: Crown,
  when: (target, context) => isBelow(target, context) && ownsRoom(target),
  async perform(target, context) {
    const { display_name: name } = target.member.account;
    const question = {
      title: t("actions.hand-over-title", { name }),
      text: t("actions.hand-over-text", { name }),
      action: t("actions.hand-over-short"),
    };
    if (await context.confirm(question)) await setRole(target, context, "owner");
  },
};

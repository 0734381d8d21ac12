import { ShieldMinus } from "lucide-react";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow, ownsRoom, setRole } from "./membership.ts";

export const demote: Action<MemberTarget> = {
  id: "demote",
  label: "actions.demote",
  icon: ShieldMinus,
  when: (target, context) =>
    isBelow(target, context) && ownsRoom(target) && target.member.role === "moderator",
  perform: (target, context) => setRole(target, context, "member"),
};

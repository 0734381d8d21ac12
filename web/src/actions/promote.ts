import { ShieldPlus } from "lucide-react";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow, ownsRoom, setRole } from "./membership.ts";

export const promote: Action<MemberTarget> = {
  id: "promote",
  label: "actions.promote",
  icon: ShieldPlus,
  when: (target, context) => isBelow(target, context) && ownsRoom(target) && target.member.role === "member",
  perform: (target, context) => setRole(target, context, "moderator"),
};

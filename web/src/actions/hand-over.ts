import { Crown } from "lucide-react";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow, ownsRoom, setRole } from "./membership.ts";

export const handOver: Action<MemberTarget> = {
  id: "hand-over",
  label: "Hand the room over",
  icon: Crown,
  when: (target, context) => isBelow(target, context) && ownsRoom(target),
  async perform(target, context) {
    const { display_name } = target.member.account;
    const text = `${display_name} becomes the owner, and you a moderator. Only ${display_name} can give it back.`;
    const question = { title: `Hand the room over to ${display_name}?`, text, action: "Hand over" };
    if (await context.confirm(question)) await setRole(target, context, "owner");
  },
};

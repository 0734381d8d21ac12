import { UserMinus } from "lucide-react";
import { api } from "../api/calls.ts";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow } from "./membership.ts";

export const remove: Action<MemberTarget> = {
  id: "remove",
  label: "Remove from the room",
  icon: UserMinus,
  danger: true,
  when: isBelow,
  async perform({ member }, { sync, confirm }) {
    const { display_name, id } = member.account;
    const text = `${display_name} no longer sees this room, and may ask to join again.`;
    if (!(await confirm({ title: `Remove ${display_name}?`, text, action: "Remove", danger: true }))) return;
    await api.removeMember(member.conversation_id, id);
    sync.take({ type: "membership", membership: { ...member, state: "left" } });
  },
};

import { Ban } from "lucide-react";
import { api } from "../api/calls.ts";
import type { Action, MemberTarget } from "./action.ts";
import { isBelow } from "./membership.ts";

export const ban: Action<MemberTarget> = {
  id: "ban",
  label: "Ban",
  icon: Ban,
  danger: true,
  when: isBelow,
  async perform({ member }, { sync, confirm }) {
    const { display_name, id } = member.account;
    const text = `${display_name} no longer sees this room and may not ask to join again.`;
    if (!(await confirm({ title: `Ban ${display_name}?`, text, action: "Ban", danger: true }))) return;
    sync.take({ type: "membership", membership: await api.ban(member.conversation_id, id) });
  },
};

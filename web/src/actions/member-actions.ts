// What owners and moderators do to members. The server decides again on each.
import { Ban, Crown, ShieldMinus, ShieldPlus, UserMinus } from "lucide-react";
import { api } from "../api/calls.ts";
import type { MembershipRole } from "../api/types.ts";
import type { Action, Context, MemberTarget } from "./action.ts";

const RANK: Record<MembershipRole, number> = { member: 0, moderator: 1, owner: 2 };

/** A room's member below me who is not me. */
function isBelow({ member, conversation }: MemberTarget, { me }: Context): boolean {
  const { kind, role } = conversation.summary;
  return kind === "room" && member.account.id !== me.id && RANK[member.role] < RANK[role];
}

function isMine({ conversation }: MemberTarget): boolean {
  return conversation.summary.role === "owner";
}

async function setRole(target: MemberTarget, { sync }: Context, role: MembershipRole): Promise<void> {
  const { conversation_id, account } = target.member;
  sync.take({ type: "membership", membership: await api.setRole(conversation_id, account.id, role) });
}

const promote: Action<MemberTarget> = {
  id: "promote",
  label: "Make moderator",
  icon: ShieldPlus,
  when: (target, context) => isBelow(target, context) && isMine(target) && target.member.role === "member",
  perform: (target, context) => setRole(target, context, "moderator"),
};

const demote: Action<MemberTarget> = {
  id: "demote",
  label: "Make member",
  icon: ShieldMinus,
  when: (target, context) => isBelow(target, context) && isMine(target) && target.member.role === "moderator",
  perform: (target, context) => setRole(target, context, "member"),
};

const handOver: Action<MemberTarget> = {
  id: "hand-over",
  label: "Hand the room over",
  icon: Crown,
  when: (target, context) => isBelow(target, context) && isMine(target),
  async perform(target, context) {
    const { display_name } = target.member.account;
    const text = `${display_name} becomes the owner, and you a moderator. Only ${display_name} can give it back.`;
    const question = { title: `Hand the room over to ${display_name}?`, text, action: "Hand over" };
    if (await context.confirm(question)) await setRole(target, context, "owner");
  },
};

const remove: Action<MemberTarget> = {
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

const ban: Action<MemberTarget> = {
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

export const MEMBER_ACTIONS: readonly Action<MemberTarget>[] = [promote, demote, handOver, remove, ban];

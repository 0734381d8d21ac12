// What the actions on members have in common: who stands below whom.
import { api } from "../api/calls.ts";
import type { MembershipRole } from "../api/types.ts";
import type { Context, MemberTarget } from "./action.ts";

const RANK: Record<MembershipRole, number> = { member: 0, moderator: 1, owner: 2 };

/** A room's member below me who is not me. */
export function isBelow({ member, conversation }: MemberTarget, { me }: Context): boolean {
  const { kind, role } = conversation.summary;
  return kind === "room" && member.account.id !== me.id && RANK[member.role] < RANK[role];
}

export function ownsRoom({ conversation }: MemberTarget): boolean {
  return conversation.summary.role === "owner";
}

export async function setRole(target: MemberTarget, { sync }: Context, role: MembershipRole): Promise<void> {
  const { conversation_id, account } = target.member;
  sync.take({ type: "membership", membership: await api.setRole(conversation_id, account.id, role) });
}

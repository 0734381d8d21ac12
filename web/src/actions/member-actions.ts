// Everything one can do to a member, in the order in which it is offered. The server decides again on each.
import type { Action, MemberTarget } from "./action.ts";
import { ban } from "./ban.ts";
import { demote } from "./demote.ts";
import { handOver } from "./hand-over.ts";
import { promote } from "./promote.ts";
import { remove } from "./remove-member.ts";

export const MEMBER_ACTIONS: readonly Action<MemberTarget>[] = [promote, demote, handOver, remove, ban];

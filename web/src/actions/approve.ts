import { Check } from "lucide-react";
import { api } from "../api/calls.ts";
import { decides } from "../sync/state.ts";
import type { Action, MemberTarget } from "./action.ts";
import { decide } from "./decide.ts";

export const approve: Action<MemberTarget> = {
  id: "approve",
  label: "actions.approve",
  icon: Check,
  when: ({ member, conversation }) => member.state === "pending" && decides(conversation),
  perform: (target, context) => decide(target, context, api.approve),
};

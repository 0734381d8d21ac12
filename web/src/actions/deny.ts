import { X } from "lucide-react";
import { api } from "../api/calls.ts";
import { decides } from "../sync/state.ts";
import type { Action, MemberTarget } from "./action.ts";
import { decide } from "./decide.ts";

export const deny: Action<MemberTarget> = {
  id: "deny",
  label: "actions.deny",
  icon: X,
  when: ({ member, conversation }) => member.state === "pending" && decides(conversation),
  perform: (target, context) => decide(target, context, api.deny),
};

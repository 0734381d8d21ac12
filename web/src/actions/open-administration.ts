import { ShieldUser } from "lucide-react";
import type { Action, HouseTarget } from "./action.ts";

export const openAdministration: Action<HouseTarget> = {
  id: "administration",
  label: "actions.administration",
  icon: ShieldUser,
  when: (_house, { me }) => me.role === "administrator",
  perform: (_house, { go }) => go("/administration"),
};

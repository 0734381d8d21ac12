import { Settings } from "lucide-react";
import type { Action, HouseTarget } from "./action.ts";

export const openSettings: Action<HouseTarget> = {
  id: "settings",
  label: "actions.settings",
  icon: Settings,
  when: () => true,
  perform: (_house, { go }) => go("/settings"),
};

import { Keyboard } from "lucide-react";
import type { Action, HouseTarget } from "./action.ts";

export const showShortcuts: Action<HouseTarget> = {
  id: "shortcuts",
  label: "actions.shortcuts",
  icon: Keyboard,
  shortcut: "?",
  also: ["Ctrl /"],
  when: () => true,
  perform: ({ open }) => open("shortcuts"),
};

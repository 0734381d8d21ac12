import { Search } from "lucide-react";
import type { Action, HouseTarget } from "./action.ts";

export const find: Action<HouseTarget> = {
  id: "find",
  label: "actions.find",
  icon: Search,
  shortcut: "Ctrl K",
  when: () => true,
  perform: ({ open }) => open("finder"),
};

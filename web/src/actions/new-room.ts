import { Plus } from "lucide-react";
import type { Action, HouseTarget } from "./action.ts";

export const newRoom: Action<HouseTarget> = {
  id: "new-room",
  label: "actions.new-room",
  icon: Plus,
  when: () => true,
  perform: ({ open }) => open("new-room"),
};

import { Inbox } from "lucide-react";
import type { Action, HouseTarget } from "./action.ts";

export const openInbox: Action<HouseTarget> = {
  id: "inbox",
  label: "actions.inbox",
  icon: Inbox,
  shortcut: "Ctrl Shift M",
  when: () => true,
  perform: (_house, { go }) => go("/inbox"),
};

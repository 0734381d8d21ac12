// What the list of conversations shows, and in which order, on this device.
import { ArrowDownAZ, ArrowUpWideNarrow, ListFilter } from "lucide-react";
import { setView, view } from "../features/sidebar/view.ts";
import type { Action, HouseTarget } from "./action.ts";

export const onlyUnread: Action<HouseTarget> = {
  id: "only-unread",
  label: "actions.only-unread",
  icon: ListFilter,
  when: () => true,
  check: { isOneOf: false, isOn: () => view().onlyUnread },
  perform: () => setView({ onlyUnread: !view().onlyUnread }),
};

export const byName: Action<HouseTarget> = {
  id: "by-name",
  label: "actions.by-name",
  icon: ArrowDownAZ,
  when: () => true,
  check: { isOneOf: true, isOn: () => view().order === "name" },
  perform: () => setView({ order: "name" }),
};

const unreadFirst: Action<HouseTarget> = {
  id: "unread-first",
  label: "actions.unread-first",
  icon: ArrowUpWideNarrow,
  when: () => true,
  check: { isOneOf: true, isOn: () => view().order === "unread" },
  perform: () => setView({ order: "unread" }),
};

export const LIST_ACTIONS: readonly Action<HouseTarget>[] = [onlyUnread, byName, unreadFirst];

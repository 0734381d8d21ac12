import { LogOut } from "lucide-react";
import { api } from "../api/calls.ts";
import { t } from "../i18n/words.ts";
import type { Action, RoomTarget } from "./action.ts";

export const leave: Action<RoomTarget> = {
  id: "leave",
  label: "actions.leave",
  icon: LogOut,
  danger: true,
  when: ({ conversation: { summary } }) => summary.kind === "room" && summary.role !== "owner",
  async perform({ conversation }, { sync, confirm, go }) {
    const { id, name } = conversation.summary;
    const question = {
      title: t("actions.leave-title", { name: name ?? "" }),
      text: t("actions.leave-text"),
      action: t("actions.leave-short"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    await api.leave(id);
    if (sync.state().open === id) go("/");
    sync.take({ type: "gone", conversation: id });
  },
};

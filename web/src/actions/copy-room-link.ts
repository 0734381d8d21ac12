import { Link } from "lucide-react";
import { t } from "../i18n/words.ts";
import { notify } from "../ui/toasts.tsx";
import type { Action, RoomTarget } from "./action.ts";
import { copyText } from "./clipboard.ts";

export const copyRoomLink: Action<RoomTarget> = {
  id: "copy-room-link",
  label: "actions.copy-link",
  icon: Link,
  when: () => true,
  async perform({ conversation }) {
    await copyText(new URL(`/c/${conversation.summary.id}`, location.origin).href);
    notify(t("actions.link-copied"));
  },
};

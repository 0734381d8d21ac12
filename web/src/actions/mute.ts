import { BellOff } from "lucide-react";
import { isMuted, MUTED_FOREVER_MS } from "../app/told/muted.ts";
import type { Action, RoomTarget } from "./action.ts";

/** Until one unmutes it; for a while it is muted where its notifications are set. */
export const mute: Action<RoomTarget> = {
  id: "mute",
  label: "actions.mute",
  icon: BellOff,
  when: ({ conversation: { summary } }) => !isMuted(summary.preferences, Date.now()),
  perform: ({ conversation }, { sync }) =>
    sync.prefer(conversation.summary.id, {
      muted_until: new Date(Date.now() + MUTED_FOREVER_MS).toISOString(),
    }),
};

// Everything one can do to a whole conversation, in the order in which it is offered.
import type { Action, HouseTarget, RoomTarget } from "./action.ts";
import { archive } from "./archive.ts";
import { copyRoomLink } from "./copy-room-link.ts";
import { favourite } from "./favourite.ts";
import { leave } from "./leave.ts";
import { markRead } from "./mark-read.ts";
import { markUnread } from "./mark-unread.ts";
import { mute } from "./mute.ts";
import { notifications } from "./notifications.ts";
import { reopen } from "./reopen.ts";
import { unfavourite } from "./unfavourite.ts";
import { unmute } from "./unmute.ts";

/** What is mine alone, and leaving: at its line in the list. */
export const LINE_ACTIONS: readonly Action<RoomTarget & HouseTarget>[] = [
  markRead,
  favourite,
  unfavourite,
  mute,
  unmute,
  notifications,
  markUnread,
  copyRoomLink,
  leave,
];

/** In its details, where one has it before one's eyes. */
export const ROOM_ACTIONS: readonly Action<RoomTarget & HouseTarget>[] = [
  favourite,
  unfavourite,
  mute,
  unmute,
  notifications,
  copyRoomLink,
  archive,
  reopen,
  leave,
];

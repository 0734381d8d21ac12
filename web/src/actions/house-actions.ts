// Everything one can do wherever one is, in the order in which it is listed: by its keys, and in the finder.
import type { Action, HouseTarget } from "./action.ts";
import { find } from "./find.ts";
import { LIST_ACTIONS } from "./list-view.ts";
import { newRoom } from "./new-room.ts";
import { openAdministration } from "./open-administration.ts";
import { openInbox } from "./open-inbox.ts";
import { openSettings } from "./open-settings.ts";
import { endQuiet, QUIET_ACTIONS } from "./quiet.ts";
import { showShortcuts } from "./show-shortcuts.ts";
import { next, nextUnread, previous, previousUnread } from "./step.ts";

export const HOUSE_ACTIONS: readonly Action<HouseTarget>[] = [
  find,
  previous,
  next,
  previousUnread,
  nextUnread,
  openInbox,
  ...LIST_ACTIONS,
  newRoom,
  endQuiet,
  ...QUIET_ACTIONS,
  openSettings,
  openAdministration,
  showShortcuts,
];

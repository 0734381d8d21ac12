// Everything one can do to a whole room, in the order in which it is offered.
import type { Action, RoomTarget } from "./action.ts";
import { archive } from "./archive.ts";
import { leave } from "./leave.ts";
import { reopen } from "./reopen.ts";

export const ROOM_ACTIONS: readonly Action<RoomTarget>[] = [archive, reopen, leave];

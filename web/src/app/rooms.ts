// The rooms I am in by their names, for texts that name them.
import { type Rooms, roomsByWord } from "../lib/markup/rooms.ts";
import type { State } from "../sync/state.ts";
import { useCopy } from "./copy.ts";

/** One for all who ask: names change seldom, the copy with every message. */
let last: { conversations: State["conversations"]; key: string; rooms: Rooms } | null = null;

export function useRooms(): Rooms {
  return useCopy(roomsOf);
}

function roomsOf({ conversations }: State): Rooms {
  if (last?.conversations === conversations) return last.rooms;
  const named = Object.values(conversations).flatMap(({ summary: { id, kind, name } }) =>
    kind === "direct" || !name ? [] : [{ id, name }],
  );
  const key = JSON.stringify(named);
  const rooms = last?.key === key ? last.rooms : roomsByWord(named);
  last = { conversations, key, rooms };
  return rooms;
}

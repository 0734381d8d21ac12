// Rooms that a text names by `#name`. Names have spaces and signs, so they are looked up and not guessed.

export interface Named {
  id: number;
  /** In lower case. */
  name: string;
}

/** The first word of a name → the rooms whose names begin with it, the longest name first. */
export type Rooms = ReadonlyMap<string, readonly Named[]>;

/** Rooms named in one piece of text at most; what comes after is plain text. */
const FOUND_MAX = 50;

const SIGN = /(?<![\p{L}\p{M}\p{N}_#&/])#(?=\S)/gu;
const FIRST_WORD = /^[\p{L}\p{M}\p{N}]*/u;
const IN_WORD = /^[\p{L}\p{M}\p{N}_]/u;

/** Of two rooms with one name the older one is meant. */
export function roomsByWord(rooms: readonly { id: number; name: string }[]): Rooms {
  const all = new Map<string, Named[]>();
  const sorted = rooms
    .map(({ id, name }) => ({ id, name: name.toLowerCase() }))
    .filter(({ name }) => name !== "")
    .sort((a, b) => b.name.length - a.name.length || a.id - b.id);
  for (const room of sorted) {
    const word = firstWord(room.name);
    all.set(word, [...(all.get(word) ?? []), room]);
  }
  return all;
}

/** The text in parts, in their order; `room`: the room that the part names. Nothing: it names none. */
export function roomsIn(text: string, rooms: Rooms): { text: string; room: number | null }[] {
  if (rooms.size === 0 || !text.includes("#")) return [];
  const parts: { text: string; room: number | null }[] = [];
  let end = 0;
  let found = 0;
  for (const { index } of text.matchAll(SIGN)) {
    const room = index >= end && found < FOUND_MAX ? roomAt(text, index + 1, rooms) : undefined;
    if (!room) continue;
    if (index > end) parts.push({ text: text.slice(end, index), room: null });
    end = index + 1 + room.name.length;
    parts.push({ text: text.slice(index, end), room: room.id });
    found += 1;
  }
  if (found > 0 && end < text.length) parts.push({ text: text.slice(end), room: null });
  return parts;
}

function roomAt(text: string, at: number, rooms: Rooms): Named | undefined {
  // No name is longer than 80 characters; some letters are longer in lower case.
  const ahead = text.slice(at, at + 200);
  return rooms.get(firstWord(ahead.toLowerCase()))?.find(({ name }) => {
    const said = ahead.slice(0, name.length);
    return said.toLowerCase() === name && !IN_WORD.test(ahead.slice(name.length));
  });
}

function firstWord(text: string): string {
  return FIRST_WORD.exec(text)?.[0] ?? "";
}

import { expect, it } from "vitest";
import { roomsByWord, roomsIn } from "../rooms.ts";

const rooms = roomsByWord([
  { id: 1, name: "General" },
  { id: 2, name: "Garden" },
  { id: 3, name: "Garden plans" },
  { id: 4, name: "Küche" },
  { id: 5, name: "<b>" },
  { id: 9, name: "garden" },
  { id: 10, name: "" },
]);
const found = (text: string) => roomsIn(text, rooms).filter(({ room }) => room !== null);

it("a room that I am in is found by its name, the longest first, whatever the case", () => {
  expect(roomsIn("see #garden plans, #Garden. #KÜCHE!", rooms)).toEqual([
    { text: "see ", room: null },
    { text: "#garden plans", room: 3 },
    { text: ", ", room: null },
    { text: "#Garden", room: 2 },
    { text: ". ", room: null },
    { text: "#KÜCHE", room: 4 },
    { text: "!", room: null },
  ]);
  expect(found("#<b>")).toEqual([{ text: "#<b>", room: 5 }]);
});

it("nothing else is", () => {
  for (const text of [
    "garden",
    "#gardens",
    "# garden",
    "a#garden",
    "##garden",
    "#other",
    "#",
    "#5",
    "x/#garden",
  ])
    expect(found(text), text).toEqual([]);
});

it("a text of nothing but names is cut into a bounded number of parts", () => {
  const parts = roomsIn("#garden ".repeat(1_000), rooms);
  expect(parts.length).toBeLessThan(110);
  expect(parts.map(({ text }) => text).join("")).toBe("#garden ".repeat(1_000));
});

import { expect, it } from "vitest";
import type { ConversationSummary } from "../../api/types.ts";
import { newAfterOf } from "../state.ts";

const newAfter = (last_seq: number, read_seq: number, unread_from: number | null) =>
  newAfterOf({
    last_seq,
    read_seq,
    unread: last_seq - read_seq,
    preferences: { unread_from },
  } as unknown as ConversationSummary);

it("begins after what is read, or before what was marked unread, whichever comes first", () => {
  expect(newAfter(9, 9, null)).toBeNull();
  expect(newAfter(9, 5, null)).toBe(5);
  expect(newAfter(9, 9, 4)).toBe(3);
  expect(newAfter(9, 5, 4)).toBe(3);
  expect(newAfter(9, 5, 8)).toBe(5);
  expect(newAfter(9, 9, 1)).toBe(0);
});

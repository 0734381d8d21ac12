// What the inbox shows after its newest page was read again.
import { expect, it } from "vitest";
import type { Inbox, InboxItem } from "../../api/types.ts";
import { merged, refreshed } from "./pages.ts";

function mention(id: number, second: number, body = "words"): InboxItem {
  const at = new Date(second * 1000).toISOString();
  return { kind: "mention", at, message: { id, body } } as InboxItem;
}

const page = (items: InboxItem[], next: string | null): Inbox => ({ items, next });
const ids = (items: readonly InboxItem[]) => items.map(({ message }) => message.id);

it("what was deleted meanwhile does not stay to be read", () => {
  const shown = [mention(9, 9), mention(7, 7), mention(5, 5), mention(3, 3)];
  expect(ids(refreshed(shown, page([mention(9, 9), mention(5, 5)], "5-5-0")))).toEqual([9, 5, 3]);
  expect(ids(refreshed(shown, page([mention(9, 9)], null)))).toEqual([9]);
  expect(refreshed(shown, page([], null))).toEqual([]);
});

it("what the page says nothing of stays", () => {
  const shown = [mention(9, 9), mention(7, 5), mention(3, 3)];
  expect(ids(refreshed(shown, page([mention(9, 9), mention(8, 5)], "5-8-0")))).toEqual([9, 7, 3]);
  expect(refreshed(shown, page([], "1-1-0"))).toEqual(shown);
});

it("what was edited is shown as it is now, and nothing twice", () => {
  const [item] = refreshed([mention(1, 1)], page([mention(1, 1, "other words")], null));
  expect(item?.message.body).toBe("other words");
  expect(ids(merged([mention(2, 2)], [mention(2, 2), mention(1, 1)]))).toEqual([2, 1]);
});

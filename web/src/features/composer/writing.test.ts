import { describe, expect, it } from "vitest";
import type { Author, ConversationSummary, Membership } from "../../api/types.ts";
import { type Conversation, fromSummary } from "../../sync/state.ts";
import type { BoxEdit } from "./box-edit.ts";
import { isInCode, isInFence } from "./code.ts";
import { formatOf, linkOf } from "./formatting.ts";
import { type Pressed, sends } from "./keys.ts";
import { strangersIn } from "./strangers.ts";

const press = (keys: string): Pressed => {
  const parts = keys.split("+");
  return {
    key: parts.at(-1) ?? "",
    shiftKey: parts.includes("Shift"),
    ctrlKey: parts.includes("Ctrl"),
    altKey: parts.includes("Alt"),
    metaKey: parts.includes("Meta"),
  };
};

describe("Enter", () => {
  it("sends, and makes a line with Shift or in an open fence", () => {
    const does = (keys: string, text = "hi") => sends(press(keys), "send", text, text.length);
    expect(does("Enter")).toBe(true);
    expect(does("Shift+Enter")).toBe(false);
    expect(does("Alt+Enter")).toBe(false);
    expect(does("Ctrl+Enter")).toBe(true);
    expect(does("Enter", "```js\nlet a;")).toBe(false);
    expect(does("Ctrl+Enter", "```js\nlet a;")).toBe(true);
    expect(does("Enter", "```js\nlet a;\n```")).toBe(true);
  });

  it("makes a line where that is chosen, and Ctrl or the Mac's key sends", () => {
    const does = (keys: string) => sends(press(keys), "line", "hi", 2);
    expect(["Enter", "Shift+Enter", "Ctrl+Enter", "Meta+Enter"].map(does)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe("code", () => {
  it("is what stands between fences or backticks", () => {
    expect(isInFence("```\nab\n```", 6)).toBe(true);
    expect(isInFence("```\nab\n```", 10)).toBe(false);
    expect(isInCode("a `b", 4)).toBe(true);
    expect(isInCode("a `b\nc", 6)).toBe(false);
  });
});

describe("formatting keys", () => {
  const apply = (text: string, { from, to, text: put, select }: BoxEdit) => {
    const next = text.slice(0, from) + put + text.slice(to);
    const [start, end] = select ?? [from + put.length, from + put.length];
    return `${next.slice(0, start)}[${next.slice(start, end)}]${next.slice(end)}`;
  };
  const format = (keys: string, text: string, from: number, to: number) => {
    const edit = formatOf(press(keys), text, from, to);
    return edit && apply(text, edit);
  };

  it("mark what is selected and keep it selected", () => {
    expect(format("Ctrl+b", "a word", 2, 6)).toBe("a **[word]**");
    expect(format("Ctrl+i", "a word", 2, 6)).toBe("a _[word]_");
    expect(format("Ctrl+Shift+X", "a word", 2, 6)).toBe("a ~~[word]~~");
    expect(format("Ctrl+Shift+C", "a word", 2, 6)).toBe("a `[word]`");
    expect(format("Meta+b", "word", 0, 4)).toBe("**[word]**");
  });

  it("leave spaces outside, and the caret inside of an empty mark", () => {
    expect(format("Ctrl+b", "a word b", 1, 7)).toBe("a **[word]** b");
    expect(format("Ctrl+b", "a ", 2, 2)).toBe("a **[]**");
  });

  it("take the mark off again", () => {
    expect(format("Ctrl+b", "a **word**", 4, 8)).toBe("a [word]");
    expect(format("Ctrl+b", "a **word**", 2, 10)).toBe("a [word]");
    expect(format("Ctrl+b", "****", 2, 2)).toBe("[]");
  });

  it("put lines of code into a fence of their own", () => {
    expect(format("Ctrl+Shift+c", "see a\nb", 4, 7)).toBe("see \n```\n[a\nb]\n```");
  });

  it("are no others", () => {
    for (const keys of ["b", "Alt+b", "Ctrl+Shift+b", "Ctrl+c", "Ctrl+k"])
      expect(format(keys, "word", 0, 4)).toBeNull();
  });

  it("make a link of an address that is pasted on a text", () => {
    const paste = (address: string, text: string) => linkOf(address, text, 0, text.length)?.text;
    expect(paste(" https://parlor.example/a ", "the docs")).toBe("[the docs](https://parlor.example/a)");
    expect(paste("https://parlor.example/a_(b)", "the docs")).toBe(
      "[the docs](https://parlor.example/a_%28b%29)",
    );
    expect(paste("plain words", "the docs")).toBeUndefined();
    expect(paste("javascript:alert(1)", "the docs")).toBeUndefined();
    expect(paste("https://a.example", "https://b.example")).toBeUndefined();
    expect(paste("https://a.example", "")).toBeUndefined();
    expect(paste("https://a.example", "two\nlines")).toBeUndefined();
  });
});

describe("who is mentioned and not here", () => {
  const me: Author = { id: 1, username: "me", display_name: "Me", kind: "person" };
  const member = { account: { ...me, id: 2, username: "Sita" } } as Membership;
  const room = (kind: string, membersLoaded = true): Conversation => ({
    ...fromSummary({ id: 1, kind, role: "member", last_rev: 0, with: null } as ConversationSummary),
    members: { 2: member },
    membersLoaded,
  });

  it("is found outside of code, once", () => {
    const text = "@sita @me @ben and @Ben, not `@code` or a@mail";
    expect(strangersIn(text, room("room"), me)).toEqual(["ben"]);
  });

  it("is nobody where everyone is, or while the members are not known", () => {
    expect(strangersIn("@ben", room("general"), me)).toEqual([]);
    expect(strangersIn("@ben", room("room", false), me)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import type { ConversationSummary } from "../../api/types.ts";
import { type Conversation, fromSummary } from "../../sync/state.ts";
import type { Context } from "../action.ts";
import { COMMANDS, parseCommand } from "./commands.ts";

const NOBODY = {} as Context;

function room(kind: "room" | "general" | "direct", role: "owner" | "moderator" | "member"): Conversation {
  return fromSummary({ id: 1, kind, role, last_rev: 0 } as ConversationSummary);
}

function sent(text: string) {
  const parsed = parseCommand(text);
  if (parsed.kind !== "command") return parsed;
  return parsed.command.perform(parsed.text, { conversation: room("room", "member") }, NOBODY);
}

describe("a text that begins with a slash", () => {
  it("is a command if a word follows", () => {
    expect(parseCommand("/me waves")).toMatchObject({
      kind: "command",
      command: { name: "me" },
      text: "waves",
    });
    expect(parseCommand("/LEAVE")).toMatchObject({ kind: "command", command: { name: "leave" }, text: "" });
    expect(parseCommand("/topic\na\nb")).toMatchObject({ command: { name: "topic" }, text: "a\nb" });
  });

  it("is no command if it is a path, a slash alone, or not at the beginning", () => {
    for (const text of ["/etc/hosts is missing", "/", "/ me", "see /me", "/:"]) {
      expect(parseCommand(text)).toEqual({ kind: "text", text });
    }
  });

  it("is told from a command that nobody knows", () => {
    expect(parseCommand("/giphy cats")).toEqual({ kind: "unknown", name: "giphy" });
  });

  it("is sent without the first of two slashes", () => {
    expect(parseCommand("//me waves")).toEqual({ kind: "text", text: "/me waves" });
    expect(parseCommand("//unknown")).toEqual({ kind: "text", text: "/unknown" });
  });
});

describe("what commands send", () => {
  it("is slanted for /me, line by line", () => {
    expect(sent("/me waves")).toEqual({ kind: "send", text: "_waves_" });
    expect(sent("/me waves\n\nand smiles")).toEqual({ kind: "send", text: "_waves_\n\n_and smiles_" });
    expect(sent("/me")).toMatchObject({ kind: "refused" });
  });

  it("is the text and a shrug for /shrug", () => {
    expect(sent("/shrug who knows")).toEqual({ kind: "send", text: "who knows ¯\\_(ツ)_/¯" });
    expect(sent("/shrug")).toEqual({ kind: "send", text: "¯\\_(ツ)_/¯" });
  });

  it("is nothing where the text is missing or too long", () => {
    expect(sent("/topic")).toEqual(expect.any(Promise));
    return expect(sent(`/topic ${"x".repeat(501)}`)).resolves.toMatchObject({ kind: "refused" });
  });
});

describe("where commands can be given", () => {
  it("follows what one may do there", () => {
    const offered = (...where: Parameters<typeof room>) =>
      COMMANDS.filter((command) => command.refusal({ conversation: room(...where) }) === null).map(
        ({ name }) => name,
      );
    expect(offered("room", "owner")).toEqual(["me", "shrug", "invite", "topic", "help"]);
    expect(offered("room", "moderator")).toEqual(["me", "shrug", "invite", "topic", "leave", "help"]);
    expect(offered("room", "member")).toEqual(["me", "shrug", "leave", "help"]);
    expect(offered("general", "member")).toEqual(["me", "shrug", "help"]);
    expect(offered("direct", "member")).toEqual(["me", "shrug", "help"]);
  });
});

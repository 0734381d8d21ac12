import { describe, expect, it } from "vitest";
import { t } from "../../i18n/words.ts";
import { sentenceOf } from "./audit-words.ts";

const VALUES = {
  who: "Ada",
  whom: "Ben",
  place: "Shed",
  action: "later.thing",
  subject: "7",
  details: "member",
};

function told(action: string, subject = "", details = ""): string {
  return t(sentenceOf({ action, subject }).says, { ...VALUES, action, subject, details }).replace(
    /<\/?\w+>/g,
    "",
  );
}

describe("what happened", () => {
  it("is told in a sentence, by its details where they matter", () => {
    expect(told("account.role_changed", "7", "administrator")).toBe("Ada made Ben an administrator");
    expect(told("account.role_changed", "7", "member")).toBe("Ada took the administration back from Ben");
    expect(told("server.registration", "server", "closed")).toBe("Ada let nobody sign up any more");
    expect(told("session.failed", "7", "192.0.2.1")).toBe("A sign-in as Ben failed (192.0.2.1)");
    expect(told("session.held_back", "unknown", "192.0.2.1")).toBe(
      "Too many sign-ins were held back (192.0.2.1)",
    );
    expect(told("server.registration", "server", "by_vote")).toBe("Ada changed who may sign up");
  });

  it("names the account and the room that it was done to", () => {
    expect(sentenceOf({ action: "account.deactivated", subject: "7" })).toMatchObject({ account: 7 });
    expect(sentenceOf({ action: "membership.banned", subject: "12:7" })).toMatchObject({
      account: 7,
      conversation: 12,
    });
    expect(sentenceOf({ action: "session.failed", subject: "unknown" })).toMatchObject({ account: null });
    // The id of a session is nobody's.
    expect(sentenceOf({ action: "session.created", subject: "7" })).toMatchObject({ account: null });
    expect(sentenceOf({ action: "account.deactivated", subject: "7; DROP" })).toMatchObject({
      account: null,
    });
  });

  it("is told by its own word when a later server names what is not known here", () => {
    expect(told("later.thing", "7", "more")).toBe("Ada: later.thing 7 more");
    expect(told("toString", "7")).toContain("toString");
  });
});

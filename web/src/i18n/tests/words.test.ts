import { i18n } from "@lingui/core";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, describe, expect, it } from "vitest";
import { compiled } from "../../../vite/words.ts";
import { Rich } from "../rich.tsx";
import { isKey, type Key, speak, t } from "../words.ts";

afterEach(() => speak("en"));

/** A key for words of the test's own. */
function keyOf(message: string): Key {
  const key = "test.words" as Key;
  i18n.load(i18n.locale, { [key]: compileMessageOrThrow(message) as string[] });
  return key;
}

describe("words", () => {
  it("take values into their places as they are written", () => {
    const said = (name: string) => t(keyOf("Ban {name}?"), { name });
    expect(said("Ana")).toBe("Ban Ana?");
    expect(said("{x} <b>#</b> ''")).toBe("Ban {x} <b>#</b> ''?");
    const strange = String.raw`\x41\u0042\n\\`;
    expect(said(strange)).toBe(`Ban ${strange}?`);
  });

  it("have the plural of the language", async () => {
    const text = "{count, plural, one {# message} two {# pair} other {# messages}}";
    const said = (count: number) => t(keyOf(text), { count });
    expect([0, 1, 2, 1_000].map(said)).toEqual(["0 messages", "1 message", "2 messages", "1,000 messages"]);
    await speak("ar");
    expect(said(2)).toContain("pair");
  });

  it("are English where a language says nothing yet", async () => {
    const english = Object.keys(compiled("en"));
    for (const language of ["de", "es", "hi", "ar"] as const) {
      await speak(language);
      expect(english.filter((key) => !isKey(key))).toEqual([]);
    }
  });

  it("keep a name apart from a line that runs from right to left", async () => {
    await speak("ar");
    expect(t("actions.ban-title", { name: "Ana" })).toContain("\u2068Ana\u2069");
  });
});

describe("words with elements inside", () => {
  const parts = {
    b: (inside: ReactNode) => createElement("b", null, inside),
    go: (inside: ReactNode) => createElement("a", { href: "/" }, inside),
  };
  const shown = (message: string, values = {}) =>
    renderToStaticMarkup(createElement(Rich, { id: keyOf(message), values, parts }));

  it("are elements where the message has tags", () => {
    expect(shown("You are <b>@{name}</b>. <go>Go <b>on</b></go>!", { name: "ana" })).toBe(
      'You are <b>@ana</b>. <a href="/">Go <b>on</b></a>!',
    );
  });

  it("make nothing of tags in a value", () => {
    expect(shown("<b>{name}</b>", { name: "<go>x</go>" })).toBe("<b>&lt;go&gt;x&lt;/go&gt;</b>");
  });
});

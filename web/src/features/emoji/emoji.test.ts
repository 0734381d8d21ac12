import { describe, expect, it } from "vitest";
import german from "./emoji.de.tsv?raw";
import spanish from "./emoji.es.tsv?raw";
import hindi from "./emoji.hi.tsv?raw";
import file from "./emoji.tsv?raw";
import { findEmoji, readEmoji, type Tone, toned } from "./emoji-set.ts";
import { hasShortNames, withEmoji } from "./short-names.ts";

const set = readEmoji(file);
const convert = (text: string, tone: Tone = 0) => withEmoji(text, set, tone);

describe("the list of emoji", () => {
  it("has every group, and every emoji has a name of its own", () => {
    expect(set.groups).toHaveLength(9);
    const all = set.groups.flatMap(({ emoji }) => emoji);
    expect(all.length).toBeGreaterThan(1_900);
    expect(all.filter(({ char, label, names }) => !char || !label || !names[0])).toEqual([]);
    expect(set.byChar.size).toBe(all.length);
    expect(new Set(all.flatMap(({ names }) => names)).size).toBe(set.byName.size);
  });

  it("writes them as keyboards do, so that two reactions with one emoji are one", () => {
    expect(set.byName.get("+1")?.char).toBe("👍");
    expect(set.byName.get("heart")?.char).toBe("❤️");
    for (const char of ["👍", "❤️", "😂", "🎉", "👀", "🙏"]) expect(set.byChar.has(char)).toBe(true);
  });

  it("finds by short name first, then by any word", () => {
    const find = (text: string) => findEmoji(set, text, 5).map(({ char }) => char);
    expect(find("smile")[0]).toBe("😄");
    expect(find("+1")[0]).toBe("👍");
    expect(find("thumbs")).toContain("👍");
    expect(find("yay").length).toBeGreaterThan(0);
    expect(find("red heart")[0]).toBe("❤️");
    expect(find("no such thing")).toEqual([]);
  });

  it("is called and found in other languages too, and by its English names still", () => {
    const named = { german: "Daumen hoch", spanish: "pulgar hacia arriba", hindi: "थंब्स अप" };
    for (const [language, labels] of Object.entries({ german, spanish, hindi })) {
      const local = readEmoji(file, labels);
      const label = named[language as keyof typeof named];
      expect(local.byName.get("+1")?.label).toBe(label);
      for (const text of [label, "+1", "thumbs"])
        expect(findEmoji(local, text, 3).map(({ char }) => char)).toContain("👍");
      const all = local.groups.flatMap(({ emoji }) => emoji);
      expect(all.filter(({ char, label }) => label === set.byChar.get(char)?.label).length).toBeLessThan(60);
    }
  });

  it("colours everyone in it", () => {
    const named = (name: string) => set.byName.get(name) ?? expect.fail(name);
    expect(toned(named("+1"), 3)).toBe("👍🏽");
    expect(toned(named("point_up"), 1)).toBe("☝🏻");
    expect(toned(named("people_holding_hands"), 5)).toBe("🧑🏿‍🤝‍🧑🏿");
    expect(toned(named("handshake"), 2)).toBe("🤝🏼");
    expect(toned(named("smile"), 4)).toBe("😄");
  });
});

describe("short names in a text", () => {
  it("become emoji, also side by side and beside punctuation", () => {
    expect(convert("Well done :tada::+1:!")).toBe("Well done 🎉👍!");
    expect(convert("(:smile:)")).toBe("(😄)");
    expect(convert(":+1:", 2)).toBe("👍🏼");
    expect(convert(":+1::skin-tone-6:", 2)).toBe("👍🏿");
  });

  it("stay as they are in code, in addresses, in times and where there is no such emoji", () => {
    const texts = [
      "`:smile:`",
      "```\n:smile:\n```",
      "``` never closed :smile:",
      "http://host:100:smile:",
      "at 10:100:20",
      ":no_such_emoji:",
      "a:smile:b",
    ];
    for (const text of texts) expect(convert(text)).toBe(text);
  });

  it("are noticed without the list", () => {
    expect(hasShortNames("see :smile:")).toBe(true);
    for (const text of ["see :smile", "`:smile:`", "10:30:45", "a: b: c"])
      expect(hasShortNames(text)).toBe(false);
  });
});

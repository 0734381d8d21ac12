// Writes web/src/features/emoji/emoji.tsv from emojibase-data: an emoji a line, a line with "#" before each group.
// Columns: the emoji, its short names, its name, more words to find it by, and "1" if it takes a skin tone. Beside it,
// for each other language of the client that the data has, emoji.de.tsv: the emoji, its name, more words.
// With --check it says whether the files are current.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const emoji = require("emojibase-data/en/compact.json");
// Short names as most chats have them; what is too new for that list is called by its name.
const shortNames = require("emojibase-data/en/shortcodes/iamcal.json");
const { groups } = require("emojibase-data/en/messages.json");

const FOLDER = new URL("../../web/src/features/emoji/", import.meta.url);

/** The client speaks Arabic too, but the data does not. */
const LANGUAGES = ["de", "es", "hi"];

/** Skin tones and hair by themselves are no emoji that anybody wants to write. */
const LEFT_OUT = "component";

/** As Unicode lists it: without the sign for "in colour" where colour is usual, so that it equals what keyboards type. */
function fullyQualified(text) {
  const [first, second, ...rest] = [...text];
  const isSuperfluous = second === "\uFE0F" && rest.length === 0 && /^\p{Emoji_Presentation}$/u.test(first);
  return isSuperfluous ? first : text;
}

function lineOf({ unicode, hexcode, label, tags = [], skins }) {
  const names = [shortNames[hexcode] ?? label.toLowerCase().replace(/[^a-z0-9]+/g, "_")].flat();
  const known = new Set([label, ...names]);
  const words = tags.filter((tag) => !known.has(tag) && !label.split(/\W+/).includes(tag));
  return [fullyQualified(unicode), names.join(" "), label, words.join(" "), skins ? "1" : ""].join("\t").trimEnd();
}

/** In another language. Words that the name says already are left out. */
function labelOf({ unicode, label, tags = [] }) {
  const name = label.toLowerCase();
  const words = tags.map((tag) => tag.toLowerCase()).filter((tag) => !` ${name}`.includes(` ${tag}`));
  return [fullyQualified(unicode), label, [...new Set(words)].join(" ")].join("\t").trimEnd();
}

const lines = [];
const shown = new Set();
for (const { key, order } of groups) {
  if (key === LEFT_OUT) continue;
  lines.push(`# ${key}`);
  const members = emoji.filter(({ group }) => group === order).sort((a, b) => a.order - b.order);
  lines.push(...members.map(lineOf));
  for (const { hexcode } of members) shown.add(hexcode);
}
write("emoji.tsv", lines);
for (const language of LANGUAGES) {
  const all = require(`emojibase-data/${language}/compact.json`);
  write(`emoji.${language}.tsv`, all.filter(({ hexcode }) => shown.has(hexcode)).map(labelOf));
}

function write(name, rows) {
  const target = fileURLToPath(new URL(name, FOLDER));
  const text = `${rows.join("\n")}\n`;
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    process.stderr.write(`web/src/features/emoji/${name} is not current: npm run generate in tools/emoji\n`);
    process.exitCode = 1;
  }
}

// What a specimen of the gallery looks like, in lines that can be compared on any machine and read in a diff: where each part
// stands, and what it is painted with.
//
// Not pixels: how letters are drawn differs from machine to machine, and a picture that is compared with enough patience for
// that misses a border that is gone. So everything is set in the one font that the client brings along, without hinting, and
// the browser is asked for boxes and colours. A person looks at the pictures, which lie beside under artifacts/.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const BASELINES = fileURLToPath(new URL("../baselines/gallery/", import.meta.url));

/** In pixels: boxes end between two, and which one gets it may differ. */
const BOX_TOLERANCE = 1;

/** Set this to keep what is there as what should be there. */
const KEEP = process.env.PARLOR_KEEP_DRAWINGS === "1";

/** The flag without which the width of a word depends on the machine. */
export const DRAWING_FLAGS = ["--font-render-hinting=none"];

/** Where everything stands: a line a part, the same parts of a specimen one after the other. */
export async function boxesOf(page) {
  return page.evaluate(draw, "boxes");
}

/** What everything is painted with. */
export async function paintOf(page) {
  return page.evaluate(draw, "paint");
}

/** Fails with the lines that differ from those that were kept under this name. */
export async function assertSame(name, lines) {
  const path = `${BASELINES}${name}.txt`;
  if (KEEP) return writeFile(path, `${lines.join("\n")}\n`);
  const kept = (await readFile(path, "utf8")).trimEnd().split("\n");
  const differ = [];
  for (let at = 0; at < Math.max(kept.length, lines.length); at += 1) {
    if (!isSame(kept[at], lines[at])) differ.push(`- ${kept[at] ?? "(nothing)"}\n+ ${lines[at] ?? "(nothing)"}`);
  }
  const shown = differ.slice(0, 20).join("\n");
  assert.equal(differ.length, 0, `${name}: ${differ.length} lines differ; if they should, run with PARLOR_KEEP_DRAWINGS=1\n${shown}`);
}

const BOX = /(-?\d+),(-?\d+) (\d+)×(\d+)$/;

function isSame(kept, found) {
  if (kept === found) return true;
  const [before, after] = [kept?.match(BOX), found?.match(BOX)];
  if (!before || !after || kept.slice(0, before.index) !== found.slice(0, after.index)) return false;
  return before.slice(1).every((number, index) => Math.abs(number - after[index + 1]) <= BOX_TOLERANCE);
}

/** Runs in the page. */
async function draw(what) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':root { --sans: "Fraunces Variable" !important; --mono: "Fraunces Variable" !important; }');
  document.adoptedStyleSheets = [sheet];
  await document.fonts.load('16px "Fraunces Variable"');
  await document.fonts.ready;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const lines = [];
  for (const stage of document.querySelectorAll("[data-specimen]")) {
    const own = [];
    const { left, top } = stage.getBoundingClientRect();
    for (const element of stage.querySelectorAll("*")) {
      // What machines draw differently: foreign scripts, whose letters come from their fonts, and the inside of pictures.
      if (element.closest("[data-by-machine], svg *, option, .hidden-text") || !element.checkVisibility()) continue;
      const name = [element.localName, ...element.classList].filter((word) => !word.startsWith("lucide")).join(".");
      own.push(`${stage.dataset.specimen} | ${name} | ${what === "boxes" ? box(element, left, top) : paint(element)}`);
    }
    lines.push(...(what === "boxes" ? own : new Set(own)));
  }
  document.adoptedStyleSheets = [];
  return lines;

  function box(element, left, top) {
    const { x, y, width, height } = element.getBoundingClientRect();
    return `${Math.round(x - left)},${Math.round(y - top)} ${Math.round(width)}×${Math.round(height)}`;
  }

  function paint(element) {
    const style = getComputedStyle(element);
    const edges = new Set(["block-start", "inline-end", "block-end", "inline-start"].map((side) => {
      const of = (part) => style.getPropertyValue(`border-${side}-${part}`);
      return of("style") === "none" || of("width") === "0px" ? "none" : `${of("width")} ${of("style")} ${of("color")}`;
    }));
    return [
      `ink ${style.color}`,
      style.backgroundColor !== "rgba(0, 0, 0, 0)" && `ground ${style.backgroundColor}`,
      (edges.size > 1 || !edges.has("none")) && `edge ${[...edges].join(" / ")}`,
      style.borderRadius !== "0px" && `radius ${style.borderRadius}`,
      style.boxShadow !== "none" && `shadow ${style.boxShadow}`,
      style.opacity !== "1" && `opacity ${style.opacity}`,
      `${style.fontWeight} ${style.fontSize}`,
    ].filter(Boolean).join("; ");
  }
}

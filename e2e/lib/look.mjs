// Looking at a screen in every theme, wide and narrow: what axe finds, what sticks out at the side, what is too small to be
// hit; and a picture in artifacts/e2e/ for people to look at.
import { mkdir } from "node:fs/promises";
import { axeFindings, isPainted, sidewaysFindings, targetFindings } from "./reading.mjs";
import { ARTIFACTS } from "./story.mjs";

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
/** A small laptop, and a desk at 400 %. Looked at for what sticks out or is too small only. */
const OTHERS = [
  { width: 1024, height: 768 },
  { width: 320, height: 256 },
];
const THEMES = [
  { name: "light", colorScheme: "light", contrast: "no-preference" },
  { name: "dark", colorScheme: "dark", contrast: "no-preference" },
  { name: "light-contrast", colorScheme: "light", contrast: "more" },
  { name: "dark-contrast", colorScheme: "dark", contrast: "more" },
];

/** Looks at what is on the screen in every theme and every size, and takes pictures. What is wrong is collected. */
export async function look({ page }, screen, findings, sizes = [DESK, PHONE]) {
  await mkdir(ARTIFACTS, { recursive: true });
  const note = (where, found) => {
    findings.push(...found.map((line) => `${screen}, ${where}: ${line}`));
  };
  for (const size of sizes) {
    // A menu closes when its window changes, so that it is not touched without need.
    const before = page.viewportSize();
    if (before.width !== size.width) await page.setViewportSize(size);
    for (const { name, ...media } of THEMES) {
      // What contrast changes are colours: once is enough.
      if (media.contrast === "more" && size !== sizes[0]) continue;
      await page.emulateMedia(media);
      await isPainted(page);
      await page.screenshot({ path: `${ARTIFACTS}${screen}-${size.width}x${size.height}-${name}.png` });
      // The colours of a theme are the same in every size.
      if (size === sizes[0] || name === "light") note(`${size.width} ${name}`, await axeFindings(page));
    }
    note(size.width, await shapeFindings(page));
  }
  if (sizes.length === 1) return;
  for (const size of OTHERS) {
    await page.setViewportSize(size);
    note(size.width, await shapeFindings(page));
  }
  await page.setViewportSize(DESK);
}

async function shapeFindings(page) {
  return [...(await sidewaysFindings(page)), ...(await targetFindings(page))];
}

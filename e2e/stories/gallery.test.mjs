// The components by themselves, in every state: everybody can read and use them in every theme, and they look as they should.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openBrowser } from "../lib/browser.mjs";
import { Complaints } from "../lib/complaints.mjs";
import { assertSame, boxesOf, DRAWING_FLAGS, paintOf } from "../lib/drawing.mjs";
import { focused } from "../lib/focus.mjs";
import { openGallery } from "../lib/gallery.mjs";
import { axeFindings, sidewaysFindings, targetFindings } from "../lib/reading.mjs";
import { ARTIFACTS } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

const PICTURES = `${ARTIFACTS}../gallery/`;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** A window of 1280 × 1024 at 400 %. */
const ZOOMED = { width: 320, height: 256 };

const THEMES = [
  { name: "light", address: "?theme=light" },
  { name: "dark", address: "?theme=dark" },
  { name: "light-contrast", address: "?theme=light&contrast=more" },
  { name: "dark-contrast", address: "?theme=dark&contrast=more" },
];

let gallery;
let browser;

before(async () => {
  gallery = await openGallery();
  browser = await openBrowser(DRAWING_FLAGS);
  await mkdir(PICTURES, { recursive: true });
});

after(async () => {
  await browser?.close();
  await gallery?.close();
});

for (const { name, address } of THEMES) {
  scene(`in the ${name} theme every component can be read and is painted as it should be`, { address }, async (page) => {
    await page.screenshot({ path: `${PICTURES}${name}.png`, fullPage: true });
    assert.deepEqual(await axeFindings(page), []);
    await assertSame(`paint-${name}`, await paintOf(page));
  });
}

const LAYOUTS = [
  { name: "desk", viewport: DESK, address: "" },
  { name: "phone", viewport: PHONE, address: "" },
  { name: "right-to-left", viewport: PHONE, address: "?dir=rtl" },
];
for (const { name, viewport, address } of LAYOUTS) {
  scene(`every component stands where it should: ${name}`, { address, viewport }, async (page) => {
    await page.screenshot({ path: `${PICTURES}${name}.png`, fullPage: true });
    assert.deepEqual(await sidewaysFindings(page), []);
    assert.deepEqual(await targetFindings(page), []);
    await assertSame(`boxes-${name}`, await boxesOf(page));
  });
}

scene("at 400 % nothing of the components is lost", { viewport: ZOOMED }, async (page) => {
  assert.deepEqual(await sidewaysFindings(page), []);
});

scene("more contrast is there when the system asks for it, as if it were chosen", { address: "?theme=dark", contrast: "more" }, async (page) => {
  await assertSame("paint-dark-contrast", await paintOf(page));
});

scene("where the system sets the colours, what is chosen and what has the focus are seen", { forcedColors: "active" }, async (page) => {
  await page.screenshot({ path: `${PICTURES}forced-colors.png`, fullPage: true });
  const ground = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);
  const segments = page.getByRole("group", { name: "Light in the hall" }).locator("label");
  assert.notEqual(await ground(segments.nth(0)), await ground(segments.nth(1)));
  await page.getByRole("button", { name: "Popover" }).focus();
  assert.equal((await focused(page)).ring, true);
});

scene("a menu is walked through with arrows, Home, End and letters, and gives the focus back", {}, async (page) => {
  await opens(page, "Menu", "menu");
  await isAt(page, "menuitem", "Copy");
  await walk(page, "menuitem", [
    ["ArrowDown", "Correct"],
    ["End", "Throw away"],
    ["ArrowDown", "Copy"],
    ["ArrowUp", "Throw away"],
    ["Home", "Copy"],
    ["l", "Leave"],
  ]);
  // Several letters are one word; `c` alone would be Copy.
  await closesBy(page, "Escape", "menu", "Menu");
  await opens(page, "Menu", "menu");
  await page.keyboard.type("cor");
  await isAt(page, "menuitem", "Correct");
  await closesBy(page, "Tab", "menu", "Menu");
  await opens(page, "Menu", "menu");
  await isAt(page, "menuitem", "Copy");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Copied.").waitFor();
  await isAt(page, "button", "Menu");
});

scene("a second press on what opened a menu or a popover closes it", {}, async (page) => {
  for (const [name, role] of [["Menu", "menu"], ["Popover", "dialog"]]) {
    const button = page.getByRole("button", { name, exact: true });
    await button.click();
    await page.getByRole(role).waitFor();
    await button.click();
    await page.getByRole(role).waitFor({ state: "detached" });
    await button.click();
    await page.getByRole(role).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole(role).waitFor({ state: "detached" });
  }
});

scene("a dialog and a panel hold the focus, close by Escape and give it back", {}, async (page) => {
  for (const [name, first] of [["Dialog", ["textbox", "To whom"]], ["Panel", ["button", "Shut it"]]]) {
    await opens(page, name, "dialog");
    await isAt(page, ...first);
    for (let count = 0; count < 6; count += 1) {
      await page.keyboard.press("Tab");
      const isInside = () => document.activeElement === document.body || !!document.activeElement?.closest("dialog");
      assert.ok(await page.evaluate(isInside), `the focus left the ${name}`);
    }
    await closesBy(page, "Escape", "dialog", name);
  }
});

scene("a popover takes the focus, lets it go on by Tab, and closes by Escape or a click elsewhere", {}, async (page) => {
  await opens(page, "Popover", "dialog");
  await isAt(page, "dialog", "Who was here", { isRinged: false });
  await page.keyboard.press("Tab");
  await isAt(page, "button", "Thanks");
  await closesBy(page, "Escape", "dialog", "Popover");
  await opens(page, "Popover", "dialog");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await isAt(page, "button", "Tell");
  await opens(page, "Popover", "dialog");
  await page.getByRole("heading", { name: "Gallery" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

scene("tabs, segments and lists are turned with the arrow keys, as one reads", {}, async (page) => {
  await page.getByRole("tab", { name: /^In/ }).focus();
  await walk(page, "tab", [["ArrowRight", "Out"], ["End", "Kept for ever"], ["ArrowRight", /^In/], ["ArrowLeft", "Kept for ever"], ["Home", /^In/]]);
  await page.keyboard.press("Tab");
  await isAt(page, "tabpanel", /^In/);
  await page.getByRole("radio", { name: "Day", exact: true }).focus();
  await page.keyboard.press("ArrowRight");
  await untilEqual("the next segment is chosen", () => page.getByRole("radio", { name: "Night" }).isChecked(), true);
  await page.getByRole("combobox", { name: "How often" }).focus();
  await page.keyboard.press("ArrowDown");
  await untilEqual("the next of the list is chosen", () => page.getByRole("combobox", { name: "How often" }).inputValue(), "never");
});

scene("in writing from right to left the arrow to the left leads on, and what opens stands at the other edge", { address: "?dir=rtl" }, async (page) => {
  await page.getByRole("tab", { name: /^In/ }).focus();
  await walk(page, "tab", [["ArrowLeft", "Out"], ["ArrowRight", /^In/]]);
  await page.getByRole("button", { name: "Popover" }).click();
  const [sheet, button] = await Promise.all([
    page.getByRole("dialog").boundingBox(),
    page.getByRole("button", { name: "Popover", includeHidden: true }).boundingBox(),
  ]);
  assert.ok(Math.abs(sheet.x + sheet.width - button.x - button.width) <= 1, "the popover stands at the right edge of its button");
});

scene("a tooltip comes with the pointer and with the focus, can be pointed at, and goes by Escape", {}, async (page) => {
  const tip = page.locator(".tip");
  const button = page.getByRole("button", { name: "Notices" });
  await button.hover();
  await tip.getByText("Notices · Ctrl+B").waitFor();
  await tip.hover();
  // Nothing is to happen: the pointer stays on the words for longer than a tooltip waits before it goes.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
  assert.ok(await tip.isVisible(), "the tooltip stays while the pointer is on it");
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "detached" });
  await page.mouse.move(0, 0);
  await button.focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  await tip.getByText("Notices · Ctrl+B").waitFor();
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "detached" });
  await isAt(page, "button", "Notices");
});

scene("a toast is said politely, waits while it has the focus, and goes by Escape", {}, async (page) => {
  await page.clock.install();
  await page.getByRole("button", { name: "Tell", exact: true }).click();
  const toast = page.getByRole("status").getByText("The letter is in the box.");
  await toast.waitFor();
  await page.getByRole("button", { name: "Dismiss" }).focus();
  await page.clock.runFor(20_000);
  assert.ok(await toast.isVisible(), "the toast waits while it has the focus");
  await page.keyboard.press("Escape");
  await toast.waitFor({ state: "detached" });
  await isAt(page, "button", "Tell");
  await page.keyboard.press("Enter");
  await toast.waitFor();
  await toast.hover();
  await page.clock.runFor(20_000);
  assert.ok(await toast.isVisible(), "the toast waits while the pointer is on it");
  await page.mouse.move(0, 0);
  await page.clock.runFor(8_000);
  await toast.waitFor({ state: "detached" });
});

for (const { name, address } of THEMES) {
  scene(`what opens can be read in the ${name} theme`, { address }, async (page) => {
    for (const [button, role] of [["Menu", "menu"], ["Dialog", "dialog"], ["Panel", "dialog"], ["Popover", "dialog"]]) {
      await opens(page, button, role);
      await page.screenshot({ path: `${PICTURES}${name}-${button.toLowerCase()}.png` });
      assert.deepEqual(await axeFindings(page), [], button);
      assert.deepEqual(await targetFindings(page), [], button);
      await page.keyboard.press("Escape");
      await page.getByRole(role).waitFor({ state: "detached" });
    }
    for (const button of ["Tell", "Tell an error", "Offer"]) await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("status").getByText("There is a new letter.").waitFor();
    await page.screenshot({ path: `${PICTURES}${name}-toasts.png` });
    assert.deepEqual(await axeFindings(page), [], "toasts");
  });
}

/** A window with the gallery, and at the end nothing that it complained about. */
function scene(sentence, { address = "", viewport = DESK, ...media }, play) {
  test(sentence, { timeout: 60_000 }, async () => {
    const context = await browser.newContext({ viewport, reducedMotion: "reduce", colorScheme: "light", ...media });
    const complaints = new Complaints();
    await complaints.watch(context, new URL(gallery.url).origin);
    try {
      const page = await context.newPage();
      await page.goto(gallery.url + address);
      await page.getByText("Opening the box").first().waitFor();
      await page.locator(".skeleton").waitFor();
      await play(page);
      assert.deepEqual(complaints.all(), []);
    } finally {
      await context.close();
    }
  });
}

async function opens(page, name, role) {
  await page.getByRole("button", { name, exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole(role).waitFor();
}

async function closesBy(page, key, role, opener) {
  await page.keyboard.press(key);
  await page.getByRole(role).waitFor({ state: "detached" });
  await isAt(page, "button", opener);
}

async function walk(page, role, steps) {
  for (const [key, name] of steps) {
    await page.keyboard.press(key);
    await isAt(page, role, name);
  }
}

/** Waits until this has the focus, and checks that one can see it. */
async function isAt(page, role, name, { isRinged = true } = {}) {
  let seen;
  await until(`the focus is at ${role} ${name}`, async () => {
    seen = await focused(page);
    if (seen?.role === role && (name instanceof RegExp ? name.test(seen.name) : seen.name === name)) return true;
    throw new Error(JSON.stringify(seen));
  });
  if (isRinged) assert.ok(seen.ring, `${role} ${name} has the focus and does not show it`);
}

// Nobody needs a mouse: everything here is done with keys, and one always sees where one is.
import assert from "node:assert/strict";
import { focused, tabStops } from "../lib/focus.mjs";
import { PASSWORD } from "../lib/person.mjs";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("signing in, finding a room, writing, editing, answering and deleting work with the keyboard alone", async ({ person }) => {
  const { alma, ben, page } = await withRoom(person);
  const press = (...keys) => pressAll(page, keys);

  await alma.goes("/login");
  await isAt(page, "textbox", "Username or e-mail");
  await page.keyboard.type("alma");
  await press("Tab");
  await page.keyboard.type(PASSWORD);
  await press("Enter");
  await alma.isIn("General");
  await isAt(page, "textbox", "Write to General");

  // To the room by its name, to General by the key for "the one above", and back.
  await press("Control+k");
  await isAt(page, "combobox", "Find a room or a person");
  await page.keyboard.type("garden");
  await page.getByRole("option", { name: /Kitchen garden/, selected: true }).waitFor();
  await press("Enter");
  await alma.isIn("Kitchen garden");
  await isAt(page, "textbox", "Write to Kitchen garden");
  await press("Alt+ArrowUp");
  await alma.isIn("General");
  await press("Alt+ArrowDown");
  await alma.isIn("Kitchen garden");

  // Writing: Shift+Enter makes a line, Enter sends.
  await isAt(page, "textbox", "Write to Kitchen garden");
  await page.keyboard.type("The first line");
  await press("Shift+Enter");
  await page.keyboard.type("and the secnd.");
  await press("Enter");
  await alma.sees("The first line and the secnd.", "You");

  // Up in the empty box edits it; Escape takes that back; Up and Enter keep it.
  await press("ArrowUp");
  await isAt(page, "textbox", "Edit your message");
  await press("Escape");
  await isAt(page, "textbox", "Write to Kitchen garden");
  await untilEqual("the box is empty", () => alma.composer().inputValue(), "");
  await press("ArrowUp");
  await isAt(page, "textbox", "Edit your message");
  await press("Control+End", ..."Backspace ".repeat(4).trim().split(" "));
  await page.keyboard.type("cond!");
  await press("Enter");
  await ben.sees("The first line and the second!", "Alma Reyes");

  // Into the log, to the message above, its menu, and out again step by step.
  await isAt(page, "textbox", "Write to Kitchen garden");
  await press("PageUp");
  await isAt(page, "article", /The first line and the second!$/);
  await press("ArrowUp");
  await isAt(page, "article", /What shall we plant\?$/);
  await press("Enter");
  await isInMenu(page);
  await press("End");
  await press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await isAt(page, "article", /What shall we plant\?$/);
  await press("Enter");
  await isInMenu(page);
  // A letter leads to what begins with it.
  await press("r", "Enter");
  await isAt(page, "textbox", "Write to Kitchen garden");
  await page.keyboard.type("Beans.");
  await press("Enter");
  await ben.message("Beans.").getByRole("button", { name: /In reply to Ben Okafor/ }).waitFor();

  // A reaction; and a deletion that is taken back, and one that is not.
  await press("PageUp", "ArrowUp", "ArrowUp");
  await isAt(page, "article", /What shall we plant\?$/);
  await press("+");
  await ben.message("What shall we plant?").getByRole("button", { name: /^👍.*Alma Reyes/ }).waitFor();
  await press("End");
  await isAt(page, "article", /Beans\.$/);
  await press("Delete");
  await isAt(page, "article", /deleted$/);
  await alma.undoOffers().waitFor();
  await press("Control+z");
  await isAt(page, "article", /Beans\.$/);
  await press("Delete");
  await isAt(page, "article", /deleted$/);
  await ben.doesNotSee("Beans.");
  await isAt(page, "article", /deleted$/);
  await press("Escape");
  await isAt(page, "textbox", "Write to Kitchen garden");
});

story("every stop of the Tab key has a name and a ring that one sees, and a dialog gives the focus back", async ({ person }) => {
  const { alma, page } = await withRoom(person);
  await alma.goes("/login");
  await alma.signsIn();
  await alma.opens("Kitchen garden");

  // From the top of the page: the first stop leads past the list.
  await page.evaluate(() => document.activeElement?.blur());
  await alma.page.reload();
  await alma.isIn("Kitchen garden");
  const stops = await stopsOfWholePage(page);
  const bad = stops.filter((stop) => stop.name === "" || !stop.ring || !stop.inView);
  assert.deepEqual(bad, []);
  const names = stops.map(({ role, name }) => `${role} ${name}`);
  for (const wanted of [/^link Skip to the conversation/, /^button Find or go to/, /^link Kitchen garden/, /^button New room/, /^link Settings/, /^button Hide details/, /^article /, /^textbox Write to/, /^button Close details/]) {
    assert.ok(names.some((name) => wanted.test(name)), `Tab does not reach ${wanted}; it reaches ${names.join("; ")}`);
  }

  // A dialog keeps the focus inside and gives it back where it came from.
  await tabTo(page, "button", "New room");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "A new room" }).waitFor();
  await isAt(page, "textbox", "Name");
  for (let count = 0; count < 8; count += 1) {
    await page.keyboard.press("Tab");
    const inside = await page.getByRole("dialog").evaluate((dialog) => {
      return document.activeElement === document.body || dialog.contains(document.activeElement);
    });
    assert.ok(inside, "the focus left the dialog");
  }
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await isAt(page, "button", "New room");

  // The finder too, wherever one came from.
  await page.keyboard.press("Control+k");
  await isAt(page, "combobox", "Find a room or a person");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await isAt(page, "button", "New room");
});

story("a key that is pressed the moment the page is there is heard", async ({ person }) => {
  const alma = await person("alma");
  await alma.joinsQuietly();
  await alma.page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.getElementById("talk")) return;
      observer.disconnect();
      window.dispatchEvent(new KeyboardEvent("keydown", { key: "/", code: "Slash", ctrlKey: true, cancelable: true }));
    }).observe(document, { childList: true, subtree: true });
  });
  await alma.goes("/c/1");
  await alma.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});

/** A room with one message by somebody else, and a browser in which nobody is signed in. */
async function withRoom(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  const { id } = await alma.joinsQuietly();
  await ben.joinsQuietly();
  const made = await ben.calls("POST", "/conversations", { kind: "room", name: "Kitchen garden" });
  const room = made.conversation.id;
  await alma.calls("POST", `/invites/${made.invite.code}/join`);
  await ben.calls("POST", `/conversations/${room}/members/${id}/approve`);
  await ben.sendsQuietly(room, "What shall we plant?");
  await ben.goes(`/c/${room}`);
  await ben.isIn("Kitchen garden");
  await alma.context.clearCookies();
  return { alma, ben, page: alma.page };
}

async function pressAll(page, keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Waits until this has the focus, and checks that one can see it. */
async function isAt(page, role, name) {
  const isMeant = (seen) => seen?.role === role && (name instanceof RegExp ? name.test(seen.name) : seen.name === name);
  let seen;
  await until(`the focus is at ${role} ${name}`, async () => {
    seen = await focused(page);
    if (!isMeant(seen)) throw new Error(JSON.stringify(seen));
    return true;
  });
  assert.ok(seen.ring, `${role} ${name} has the focus and does not show it`);
}

async function isInMenu(page) {
  await page.getByRole("menu").waitFor();
  await until("the menu has the focus", async () => (await focused(page))?.role === "menuitem");
}

async function tabTo(page, role, name) {
  for (let count = 0; count < 60; count += 1) {
    const seen = await focused(page);
    if (seen?.role === role && seen.name === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${role} ${name}`);
}

/** All stops, whichever one had the focus at first. */
async function stopsOfWholePage(page) {
  await page.evaluate(() => {
    // The place from which Tab goes on is the top again.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  return tabStops(page);
}

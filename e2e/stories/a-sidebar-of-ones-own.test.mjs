// The list of conversations as one wants it: favourites, muted rooms, what one is told of, an order; the same on all devices
// where it belongs to the person, and kept on this one where it belongs to the screen.
import assert from "node:assert/strict";
import { focused } from "../lib/focus.mjs";
import { looksAway, recordNotifications, told, words } from "../lib/recorder.mjs";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

/** So soon two devices of one person agree. */
const AGREE_MS = 1_000;

story("favourites, mute and levels are set from the menu of a line and agree on two devices within a second", async ({ person }) => {
  const { alma, phone, ben, rooms } = await house(person);
  const agree = (what, look, expected) => untilEqual(what, look, expected, AGREE_MS);

  // By the right button, and by the button on the line.
  await choosesFor(alma, "Cellar", "Add to favourites");
  await agree("a favourite here", () => section(alma, "Favourites"), ["Cellar"]);
  await agree("a favourite there", () => section(phone, "Favourites"), ["Cellar"]);
  assert.deepEqual(await section(phone, "Rooms"), ["Attic", "Balcony"]);
  await phone.row("Cellar").hover();
  await phone.page.getByRole("button", { name: "Options of Cellar" }).click();
  await phone.page.getByRole("menuitem", { name: "Remove from favourites" }).click();
  await agree("none there", () => section(phone, "Favourites"), null);
  await agree("none here", () => section(alma, "Favourites"), null);

  await choosesFor(alma, "Attic", "Mute");
  await line(phone, "Attic", "muted").waitFor({ timeout: AGREE_MS });
  await choosesFor(phone, "Attic", "Unmute");
  await line(alma, "Attic", "muted").waitFor({ state: "detached", timeout: AGREE_MS });

  // For a while, and a level: both stand in one place, and are seen there on the other device.
  await choosesFor(alma, "Balcony", "Notifications…");
  const here = alma.page.getByRole("dialog", { name: "Notifications of Balcony" });
  await here.getByText("Not muted").waitFor();
  await here.getByRole("radio", { name: "Every message" }).check();
  await here.getByRole("button", { name: "For 1 hour" }).click();
  await here.getByRole("status").filter({ hasText: /^Muted until .*\d\d:\d\d$/ }).waitFor();
  await choosesFor(phone, "Balcony", "Notifications…");
  const there = phone.page.getByRole("dialog", { name: "Notifications of Balcony" });
  await there.getByRole("radio", { name: "Every message", checked: true }).waitFor();
  await here.getByRole("button", { name: "Unmute", exact: true }).click();
  await there.getByText("Not muted").waitFor({ timeout: AGREE_MS });
  await alma.page.keyboard.press("Escape");
  await phone.page.keyboard.press("Escape");

  // What the server has not taken is not shown either, and is told.
  alma.complaints.allowOutage();
  await alma.page.route(/\/preferences$/, (route) => route.abort());
  await choosesFor(alma, "Attic", "Mute");
  await alma.page.getByRole("status").filter({ hasText: "cannot be reached" }).waitFor();
  await line(alma, "Attic", "muted").waitFor({ state: "detached" });
  await alma.page.unroute(/\/preferences$/);

  // What is read is read everywhere.
  await ben.sendsQuietly(rooms.Attic, "Boxes.");
  await line(phone, "Attic", "1 unread").waitFor();
  await choosesFor(alma, "Attic", "Mark as read");
  await line(phone, "Attic", "1 unread").waitFor({ state: "detached" });
  assert.equal((await alma.conversationNamed("Attic")).unread, 0);

  await choosesFor(alma, "Balcony", "Copy link");
  const link = await alma.page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, new RegExp(`/c/${rooms.Balcony}$`));
});

story("a muted room tells nothing and counts only what names me; a level is heard where the device is set to less", async ({ person }) => {
  const { alma, ben, rooms } = await house(person);
  const title = () => alma.page.title();
  await choosesFor(alma, "Attic", "Mute");
  await line(alma, "Attic", "muted").waitFor();
  await alma.calls("PATCH", `/conversations/${rooms.Balcony}/preferences`, { notify: "all" });
  await alma.calls("PATCH", `/conversations/${rooms.Cellar}/preferences`, { notify: "nothing" });
  await looksAway(alma);
  await ben.sendsQuietly(rooms.Attic, "Nobody hears this.");
  await line(alma, "Attic", /, muted.*, 1 unread/).waitFor();
  assert.equal((await title()).startsWith("("), false);
  await ben.sendsQuietly(rooms.Attic, "@alma, nor this.");
  await line(alma, "Attic", /, muted.*, 2 unread, 1 naming you/).waitFor();
  await until("what names her counts", async () => (await title()).startsWith("(1) "));
  await ben.sendsQuietly(rooms.Cellar, "@alma, nor this.");
  await line(alma, "Cellar", "1 unread, 1 naming you").waitFor();
  await ben.sendsQuietly(rooms.Balcony, "But this.");
  await untilEqual("only what she asked for is told", () => words(alma), ["Ben Okafor in Balcony | But this."]);
  await until("all that is not muted counts", async () => (await title()).startsWith("(3) "));

  // It is told again when it is no longer muted.
  await choosesFor(alma, "Attic", "Unmute");
  await looksAway(alma);
  await ben.sendsQuietly(rooms.Attic, "@alma, and this.");
  await untilEqual("it is told", async () => (await told(alma)).length, 2);
});

story("the list is ordered, filtered and folded as one likes, Alt and the arrows follow it, and a reload keeps it", async ({ person }) => {
  const { alma, ben, rooms } = await house(person);
  const { page } = alma;
  const press = (keys) => page.keyboard.press(keys);
  await ben.sendsQuietly(rooms.Cellar, "It is damp.");
  await line(alma, "Cellar", "1 unread").waitFor();
  assert.deepEqual(await section(alma, "Rooms"), ["Attic", "Balcony", "Cellar"]);
  await views(alma, "menuitemradio", "List what is unread first");
  await untilEqual("unread first", () => section(alma, "Rooms"), ["Cellar", "Attic", "Balcony"]);

  // What is opened stays where it stands while it is open.
  await press("Alt+ArrowDown");
  await alma.isIn("Cellar");
  await alma.sees("It is damp.", ben.name);
  await line(alma, "Cellar", "1 unread").waitFor({ state: "detached" });
  await until("the server knows that it is read", async () => (await alma.conversationNamed("Cellar")).unread === 0);
  assert.deepEqual(await section(alma, "Rooms"), ["Cellar", "Attic", "Balcony"]);
  await press("Alt+ArrowDown");
  await alma.isIn("Attic");
  await untilEqual("it is put back", () => section(alma, "Rooms"), ["Attic", "Balcony", "Cellar"]);

  // Folded, a section keeps what is open and what is new.
  const fold = page.getByRole("button", { name: "Rooms", exact: true });
  await fold.click();
  await untilEqual("folded", () => section(alma, "Rooms"), ["Attic"]);
  await ben.sendsQuietly(rooms.Balcony, "It rains.");
  await untilEqual("what is new is seen", () => section(alma, "Rooms"), ["Balcony", "Attic"]);
  await page.reload();
  await alma.isLive();
  await untilEqual("still folded", () => section(alma, "Rooms"), ["Balcony", "Attic"]);
  assert.equal(await fold.getAttribute("aria-expanded"), "false");
  await fold.click();
  await untilEqual("unfolded", () => section(alma, "Rooms"), ["Balcony", "Attic", "Cellar"]);

  // Only what is unread, also found by what it does.
  await press("Control+k");
  await page.keyboard.type("only unread");
  await page.getByRole("option", { name: "Show only what is unread", selected: true }).waitFor();
  await press("Enter");
  await untilEqual("only unread", () => section(alma, "Rooms"), ["Balcony", "Attic"]);
  await untilEqual("General is not shown", () => section(alma, "Everyone"), null);
  await press("Alt+ArrowUp");
  await alma.isIn("Balcony");
  await alma.sees("It rains.", ben.name);
  await untilEqual("the one before is gone", () => section(alma, "Rooms"), ["Balcony"]);
  await until("the server knows that it is read", async () => (await alma.conversationNamed("Balcony")).unread === 0);
  await page.reload();
  await alma.isLive();
  await page.getByText("Only unread").waitFor();
  await alma.goes("/settings");
  await page.getByText("Everything is read.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await untilEqual("everything is shown", () => section(alma, "Rooms"), ["Attic", "Balcony", "Cellar"]);
});

story("the menu of a line is reached, used and left with the keyboard alone, and with a finger that stays", async ({ person }) => {
  const { alma, phone } = await house(person, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
  const { page } = alma;
  const press = (keys) => page.keyboard.press(keys);
  const isAt = (role, name) =>
    until(`the focus is at ${role} ${name}`, async () => {
      const seen = await focused(page);
      if (seen?.role === role && seen.name.startsWith(name)) return true;
      throw new Error(JSON.stringify(seen));
    });

  await alma.row("Balcony").focus();
  await press("Shift+F10");
  await isAt("menuitem", "Add to favourites");
  await press("Escape");
  await isAt("link", "Balcony");
  await press("ContextMenu");
  await isAt("menuitem", "Add to favourites");
  // The line goes to another section, and the focus with it.
  await press("Enter");
  await untilEqual("it is a favourite", () => section(alma, "Favourites"), ["Balcony"]);
  await isAt("link", "Balcony");
  await press("Shift+F10");
  await isAt("menuitem", "Remove from favourites");
  await page.keyboard.type("not");
  await isAt("menuitem", "Notifications");
  await press("Enter");
  const dialog = page.getByRole("dialog", { name: "Notifications of Balcony" });
  await dialog.waitFor();
  await dialog.getByRole("radio", { name: "As usual" }).focus();
  await press("ArrowDown");
  await dialog.getByRole("radio", { name: "Every message", checked: true }).waitFor();
  await press("Escape");
  await dialog.waitFor({ state: "detached" });
  await isAt("link", "Balcony");
  await press("Shift+F10");
  await isAt("menuitem", "Remove from favourites");
  await press("m");
  await isAt("menuitem", "Mute");
  await press("Enter");
  await isAt("link", "Balcony , muted");

  // The heading is a button, and the list's own menu too.
  await page.getByRole("button", { name: "Rooms", exact: true }).focus();
  await press("Enter");
  await untilEqual("folded", () => section(alma, "Rooms"), []);
  await page.getByRole("button", { name: "What the list shows" }).focus();
  await press("Enter");
  await isAt("menuitemcheckbox", "Show only what is unread");
  await press("Escape");
  await isAt("button", "What the list shows");

  // A finger that stays opens the same; one that only touches goes there.
  await phone.goes("/");
  await phone.row("Balcony").waitFor();
  await staysOn(phone, phone.row("Balcony"));
  await phone.page.getByRole("menuitem", { name: "Unmute" }).tap();
  await line(alma, "Balcony", "muted").waitFor({ state: "detached" });
  await phone.row("Attic").tap();
  await phone.isIn("Attic");
});

/** A line of the list of which this is said. */
function line(person, title, said) {
  return person.row(title).filter({ hasText: said });
}

/** The names that stand in a section, without what is said about them; `null`: there is no such section. */
async function section({ page }, title) {
  const region = page.getByRole("region", { name: title, exact: true });
  if ((await region.count()) === 0) return null;
  return region.locator(".row-name").allTextContents();
}

async function choosesFor(person, title, action) {
  await person.row(title).click({ button: "right" });
  await person.page.getByRole("menuitem", { name: action, exact: true }).click();
}

async function views({ page }, role, name) {
  await page.getByRole("button", { name: "What the list shows" }).click();
  await page.getByRole(role, { name }).click();
}

/** A finger on the middle of it, for longer than one would touch it. */
async function staysOn({ page, context }, locator) {
  const { x, y, width, height } = await locator.boundingBox();
  const point = { x: x + width / 2, y: y + height / 2 };
  const browser = await context.newCDPSession(page);
  await browser.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  const held = page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
  await held;
  await browser.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** Alma at General, on two devices, with three rooms that Ben is in. */
async function house(person, phoneOptions = {}) {
  const [alma, phone, ben] = await Promise.all([
    person("alma", { name: "Alma Reyes" }),
    person("alma", { name: "Alma Reyes", ...phoneOptions }),
    person("ben", { name: "Ben Okafor" }),
  ]);
  await recordNotifications(alma);
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  const rooms = {};
  for (const name of ["Attic", "Balcony", "Cellar"]) {
    const made = await alma.calls("POST", "/conversations", { kind: "room", name });
    rooms[name] = made.conversation.id;
    await ben.calls("POST", `/invites/${made.invite.code}/join`);
    await alma.calls("POST", `/conversations/${rooms[name]}/members/${ben.id}/approve`);
  }
  await phone.context.addCookies(await alma.context.cookies());
  const general = (await alma.conversationNamed("General")).id;
  for (const one of [alma, phone]) {
    await one.goes(`/c/${general}`);
    await one.isIn("General");
    await one.isLive();
  }
  return { alma, phone, ben, rooms };
}

// Every main screen, in every theme, wide and narrow: axe finds nothing, nothing sticks out at the side, everything can be
// hit, and a picture is kept in artifacts/e2e/ for people to look at.
import assert from "node:assert/strict";
import { DESK, look, PHONE } from "../lib/look.mjs";
import { axeFindings } from "../lib/reading.mjs";
import { story } from "../lib/story.mjs";

story("the pages for those who are not in yet can be read by everybody", async ({ person }) => {
  const { visitor, cleo, link } = await house(person);
  const findings = [];
  await visitor.goes("/login");
  await visitor.isOutside();
  await look(visitor, "sign-in", findings);
  await visitor.goes("/register");
  await visitor.page.getByRole("heading", { name: "Create an account" }).waitFor();
  await look(visitor, "sign-up", findings);
  visitor.complaints.allow(/4\d\d .*\/api\/v1\/accounts$/);
  await visitor.fillsAccount();
  await visitor.page.getByRole("textbox", { name: "Username" }).fill("no spaces please");
  await visitor.page.getByRole("button", { name: "Create account" }).click();
  await visitor.page.getByRole("alert").waitFor();
  await look(visitor, "sign-up-refused", findings);
  await visitor.goes(link);
  await visitor.page.getByRole("heading", { name: "Kitchen garden", exact: true }).waitFor();
  await look(visitor, "join-card", findings);
  await cleo.goes(link);
  await cleo.page.getByText("Waiting for approval").waitFor();
  await look(cleo, "waiting", findings);
  assert.deepEqual(findings, []);
});

story("what is still loading is called like nothing else on the page", async ({ person }) => {
  const { alma, room } = await house(person);
  const { page } = alma;
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(/\/members/, async (route) => {
    await held;
    await route.continue();
  });
  await alma.goes(`/c/${room}`);
  await alma.isIn("Kitchen garden");
  const details = page.getByRole("complementary", { name: "Details" });
  await details.getByText("Loading the members").waitFor({ state: "attached" });
  assert.deepEqual(await axeFindings(page), []);
  release();
  await details.getByText("Ben Okafor").first().waitFor();
});

story("the rooms, the details, the settings and the dialogs can be read by everybody", async ({ person }) => {
  const { alma, ben, room } = await house(person);
  const { page } = alma;
  const findings = [];

  await alma.goes(`/c/${room}`);
  await alma.isIn("Kitchen garden");
  await alma.sees("Beans, then. @alma, will you bring the sticks?", "Ben Okafor");
  await alma.isLive();
  await page.getByRole("complementary", { name: "Details" }).getByText("Ben Okafor").first().waitFor();
  await look(alma, "conversation", findings);

  await alma.message("I water on Mondays.").hover();
  await alma.message("I water on Mondays.").getByRole("button", { name: "More" }).click();
  await page.getByRole("menu").waitFor();
  await look(alma, "message-menu", findings, [DESK]);
  await page.getByRole("menuitem", { name: "Delete" }).click();
  // It stays while somebody is at it.
  const undo = alma.undoOffers().getByRole("button", { name: "Undo" });
  await undo.focus();
  await look(alma, "undo", findings, [DESK]);
  await undo.click();
  await alma.sees("I water on Mondays.", "You");

  await ben.goes(`/c/${room}`);
  await ben.isIn("Kitchen garden");
  await ben.types("/leave");
  await ben.page.getByRole("dialog", { name: "Leave Kitchen garden?" }).waitFor();
  await look(ben, "confirm", findings);

  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: /Ben Okafor/ }).waitFor();
  await look(alma, "finder", findings);
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+/");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await look(alma, "shortcuts", findings);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Do not disturb" }).click();
  await page.getByRole("menuitem", { name: "Do not disturb until tomorrow" }).click();
  await page.getByText(/^Do not disturb until tomorrow/).waitFor();
  await look(alma, "do-not-disturb", findings, [DESK]);
  await page.getByRole("button", { name: "End do not disturb" }).click();

  await page.getByRole("button", { name: "New room" }).click();
  const dialog = page.getByRole("dialog", { name: "A new room" });
  await dialog.waitFor();
  await look(alma, "new-room", findings);
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Shed");
  await dialog.getByRole("button", { name: "Make the room" }).click();
  await page.getByRole("dialog", { name: "Shed is ready" }).waitFor();
  await look(alma, "room-ready", findings);
  await page.getByRole("button", { name: "Go to the room" }).click();
  await alma.isIn("Shed");
  await look(alma, "empty-room", findings);

  await alma.goes("/settings");
  await page.getByText("this one").waitFor();
  await look(alma, "settings", findings);

  alma.complaints.allow(/404 .*\/api\/v1\/conversations\/999/);
  await alma.goes("/c/999");
  await page.getByRole("heading", { name: "You are not in this conversation" }).waitFor();
  await look(alma, "not-there", findings);

  alma.complaints.allowOutage();
  await alma.goes(`/c/${room}`);
  await alma.isIn("Kitchen garden");
  await alma.isLive();
  await alma.context.setOffline(true);
  await alma.hasStatus(/^Offline/);
  await alma.types("Written in the tunnel.");
  await alma.message("Written in the tunnel.").getByText("waiting for the connection").waitFor();
  await look(alma, "offline", findings);
  await alma.context.setOffline(false);
  await alma.isLive();

  await page.setViewportSize(PHONE);
  await alma.goes(`/c/${room}/details`);
  await page.getByRole("complementary", { name: "Details" }).getByText("Ben Okafor").first().waitFor();
  await look(alma, "details", findings, [PHONE]);
  await alma.goes("/");
  await alma.row("Kitchen garden").waitFor();
  await look(alma, "list", findings, [PHONE]);
  assert.deepEqual(findings, []);
});

story("the menus of the list and the notifications of a room can be read by everybody", async ({ person }) => {
  const { alma, room } = await house(person);
  const { page } = alma;
  const findings = [];
  await alma.goes(`/c/${room}`);
  await alma.isIn("Kitchen garden");
  await alma.isLive();
  await alma.calls("PATCH", `/conversations/${room}/preferences`, { favourite: true, muted_until: "2099-01-01T00:00:00Z" });
  await page.getByRole("region", { name: "Favourites" }).waitFor();
  await alma.row("Kitchen garden").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Notifications…" }).waitFor();
  await look(alma, "line-menu", findings, [DESK]);
  await page.getByRole("menuitem", { name: "Notifications…" }).click();
  await page.getByRole("dialog", { name: "Notifications of Kitchen garden" }).waitFor();
  await look(alma, "notifications-of", findings);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "What the list shows" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Show only what is unread" }).waitFor();
  await look(alma, "list-view", findings, [DESK]);
  await page.keyboard.press("Escape");
  assert.deepEqual(findings, []);
});

/** A house that looks lived in: a room with talk of every kind, a request, and somebody who is not in yet. */
async function house(person) {
  const [alma, ben, cleo, visitor] = await Promise.all([
    person("alma", { name: "Alma Reyes" }),
    person("ben", { name: "Ben Okafor" }),
    person("cleo", { name: "Cleo Marchetti" }),
    person("visitor"),
  ]);
  const { id: almasId } = await alma.joinsQuietly();
  const { id: bensId } = await ben.joinsQuietly();
  await cleo.joinsQuietly();
  const made = await alma.calls("POST", "/conversations", {
    kind: "room",
    name: "Kitchen garden",
    description: "What grows, who waters it, and what we cook with it.",
  });
  const room = made.conversation.id;
  await ben.calls("POST", `/invites/${made.invite.code}/join`);
  await alma.calls("POST", `/conversations/${room}/members/${bensId}/approve`);
  await cleo.calls("POST", `/invites/${made.invite.code}/join`);

  const first = await alma.sendsQuietly(room, "What shall we plant? There is a list at https://example.org/seeds.");
  await ben.sendsQuietly(room, "Beans, then. @alma, will you bring the sticks?", first.id);
  await ben.calls("PUT", `/messages/${first.id}/reactions/${encodeURIComponent("🌱")}`);
  const second = await alma.sendsQuietly(room, "I water on Sundays.");
  await alma.calls("PATCH", `/messages/${second.id}`, { body: "I water on Mondays." });
  const gone = await alma.sendsQuietly(room, "Never mind.");
  await alma.calls("DELETE", `/messages/${gone.id}`);
  await ben.sendsQuietly(room, "The `pump` wants:\n```\nvalve open\npressure 2 bar\n```");
  const { conversation } = await ben.calls("POST", "/conversations", { kind: "direct", account_id: almasId });
  await ben.sendsQuietly(conversation.id, "A word in private?");
  return { alma, ben, cleo, visitor, room, link: made.invite.url };
}

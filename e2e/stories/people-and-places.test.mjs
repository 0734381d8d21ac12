// Who somebody is, what wants me, and looking after a server: the card, the inbox, the details and the administration.
import assert from "node:assert/strict";
import { focused } from "../lib/focus.mjs";
import { PASSWORD } from "../lib/person.mjs";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("what names me and who reacts lands in the inbox, leads to the message, and the way back leads to the same place", async ({ person }) => {
  const { alma, ben, room } = await inOneRoom(person);
  const { page } = alma;
  await alma.goes("/inbox");
  await page.getByText("Nothing wants you.").waitFor();
  await alma.isLive();

  // It comes while one looks at it, and counts at the way to it.
  await ben.says("Do you water, @alma?");
  await page.getByRole("link", { name: /^Inbox ?, 1 wants you$/ }).waitFor();
  const mention = item(page, /^unread: Ben Okafor named you in Secret garden/);
  await mention.getByText("Do you water, @alma?").waitFor();

  await mention.press("Enter");
  await alma.isIn("Secret garden");
  await untilEqual("the message has the focus", async () => (await focused(page))?.name?.endsWith("Do you water, @alma?"), true);
  await page.goBack();
  await untilEqual("what one left by has the focus", async () => (await focused(page))?.role, "link");
  const read = item(page, /^Ben Okafor named you in Secret garden/);
  await read.waitFor();
  await page.getByRole("link", { name: "Inbox", exact: true }).waitFor();

  const mine = await alma.sendsQuietly(room, "On Sundays.");
  await ben.calls("PUT", `/messages/${mine.id}/reactions/${encodeURIComponent("👍")}`);
  await page.getByRole("button", { name: "1 new" }).click();
  await item(page, /^Ben Okafor reacted 👍 to what you wrote in Secret garden/).waitFor();

  // Its parts, by the arrow keys.
  await page.getByRole("tab", { name: "All" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: "Mentions", selected: true }).waitFor();
  assert.equal(await item(page, /reacted/).count(), 0);
  await read.waitFor();
  await page.keyboard.press("End");
  await page.getByText("Nobody asks to join, and nothing you asked for waits.").waitFor();

  // By a key from wherever one is.
  await alma.goes("/settings");
  await page.getByRole("heading", { name: "Profile" }).waitFor();
  await page.keyboard.press("Control+Shift+M");
  await page.getByRole("heading", { name: "Inbox", level: 1 }).waitFor();
});

story("a request is answered in the inbox, and the room opens by itself for who asked", async ({ person }) => {
  const { alma, room } = await inOneRoom(person);
  const { page } = alma;
  const cleo = await person("cleo", { name: "Cleo Marchetti" });
  await cleo.joinsQuietly();
  const { url } = await alma.calls("POST", `/conversations/${room}/invites`, { needs_approval: true });
  await alma.goes("/inbox");
  await page.getByText("Nothing wants you.").waitFor();
  await alma.isLive();
  await cleo.asksToJoin(url);
  await cleo.anotherTab("/inbox").then((tab) => tab.page.getByText("You asked to join Secret garden.").waitFor());

  await page.getByRole("tab", { name: /^Requests ?, 1 wants you$/ }).click();
  await page.getByText("Cleo Marchetti asks to join Secret garden").waitFor();
  await alma.letsIn(cleo);
  await cleo.isIn("Secret garden");
  await page.getByText("Nobody asks to join, and nothing you asked for waits.").waitFor();
  await page.getByRole("link", { name: "Inbox", exact: true }).waitFor();
});

story("the card of somebody opens and works with the keyboard alone", async ({ person }) => {
  const { alma, ben } = await inOneRoom(person);
  const { page } = alma;
  await ben.says("Ask @alma, she waters.");
  await alma.sees("Ask @alma, she waters.", "Ben Okafor");
  await alma.composer().focus();

  // From the menu of a message, and the focus goes back to the message.
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Profile of Ben Okafor" }).press("Enter");
  const card = page.getByRole("dialog", { name: "Profile of Ben Okafor" });
  await card.getByText("Here since").waitFor();
  await card.getByText("Member of this room").waitFor();
  await card.getByText("Online", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "detached" });
  await untilEqual("the message has the focus", async () => (await focused(page))?.role, "article");

  // From the name itself: it puts the name into the box.
  await alma.message("Ask @alma, she waters.").getByRole("button", { name: "Ben Okafor" }).press("Enter");
  await card.getByRole("button", { name: "Mention" }).press("Enter");
  await untilEqual("the box has the name", () => alma.composer().inputValue(), "@ben ");
  await until("the box has the focus", async () => (await focused(page))?.role === "textbox");

  // A name in a text is one's own: no way to write to oneself.
  await alma.message("Ask @alma, she waters.").getByRole("button", { name: "@alma" }).click();
  const own = page.getByRole("dialog", { name: "Profile of Alma Reyes" });
  await own.getByText("This is you").waitFor();
  assert.equal(await own.getByRole("button", { name: "Message" }).count(), 0);
  await page.keyboard.press("Escape");
  await own.waitFor({ state: "detached" });

  // From the members: the private chat.
  await page.getByRole("complementary", { name: "Details" }).getByRole("button", { name: /^Ben Okafor.*online/ }).press("Enter");
  await card.getByRole("button", { name: "Message" }).press("Enter");
  await alma.isIn("Ben Okafor");
  await alma.says("A word in private?");
  await ben.row("Alma Reyes").waitFor();
});

story("who decides does so from the card, and makes links of limited use", async ({ person }) => {
  const { alma, ben } = await inOneRoom(person);
  const details = alma.page.getByRole("complementary", { name: "Details" });
  await details.getByRole("button", { name: /^Ben Okafor/ }).click();
  const card = alma.page.getByRole("dialog", { name: "Profile of Ben Okafor" });
  await card.getByRole("button", { name: "Make moderator" }).click();
  await details.getByRole("button", { name: /^Ben Okafor.*moderator/ }).waitFor();

  // A moderator decides too, and sees no way to do what only the owner does.
  const bens = ben.page.getByRole("complementary", { name: "Details" });
  await bens.getByRole("combobox", { name: "May be used" }).selectOption("1 time");
  await bens.getByRole("checkbox", { name: "Ask before letting in" }).uncheck();
  await bens.getByRole("button", { name: "Make an invite link" }).click();
  const link = await bens.getByRole("textbox", { name: "Invite link" }).inputValue();
  await bens.getByText("To come in, used 0 of 1 times").waitFor();
  assert.equal(await bens.getByRole("button", { name: "Actions for Alma Reyes" }).count(), 0);
  await bens.getByRole("button", { name: /^Alma Reyes/ }).click();
  await ben.page.getByRole("dialog").getByText("Owner of this room").waitFor();
  assert.equal(await ben.page.getByRole("dialog").getByRole("button", { name: "Ban" }).count(), 0);

  const cleo = await person("cleo", { name: "Cleo Marchetti" });
  await cleo.joinsQuietly();
  await cleo.goes(link);
  await cleo.page.getByRole("button", { name: "Join" }).click();
  await cleo.isIn("Secret garden");

  // Put out by the card, and the ban is lifted again.
  await details.getByRole("button", { name: /^Cleo Marchetti/ }).click();
  await alma.page.getByRole("dialog").getByRole("button", { name: "Ban" }).click();
  await alma.page.getByRole("dialog", { name: "Ban Cleo Marchetti?" }).getByRole("button", { name: "Ban" }).click();
  await cleo.page.getByRole("heading", { name: "You are not in this conversation" }).waitFor();
  await details.getByText("Who is banned").click();
  await details.getByRole("button", { name: "Lift the ban on Cleo Marchetti" }).click();
  await details.getByText("Nobody.").waitFor();
});

story("in a long list of members one finds somebody by name", async ({ person }) => {
  const { alma } = await inOneRoom(person);
  for (let number = 1; number <= 12; number += 1) {
    const account = { username: `guest${number}`, display_name: `Gardener ${number}`, password: PASSWORD };
    const answer = await fetch(`${alma.server.url}/api/v1/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
    });
    assert.ok(answer.ok);
  }
  await alma.goes("/");
  await alma.isIn("General");
  const details = alma.page.getByRole("complementary", { name: "Details" });
  await details.getByRole("searchbox", { name: "Find a member" }).fill("gardener 12");
  await details.getByRole("button", { name: /^Gardener 12/ }).waitFor();
  await details.getByRole("button", { name: /^Alma Reyes/ }).waitFor({ state: "detached" });
  await details.getByRole("searchbox").fill("nobody at all");
  await details.getByText("Nobody here is called that.").waitFor();
});

story("an administrator disables somebody, whose page goes to sign in, and lets them back", async ({ server, person }) => {
  const ada = await person("ada", { name: "Ada Keeper" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await becomesAdministrator(ada, server);
  await ben.signsUp();
  await ben.isLive();

  const { page } = ada;
  await ada.goes("/settings");
  await page.getByRole("button", { name: "Open the administration" }).click();
  await page.getByRole("searchbox", { name: "Find by name, username or e-mail" }).fill("ben");
  const row = page.getByRole("listitem").filter({ hasText: "@ben" });
  await page.getByRole("listitem").filter({ hasText: "@ada" }).waitFor({ state: "detached" });
  await row.getByRole("button", { name: "Actions for Ben Okafor" }).click();
  await page.getByRole("menuitem", { name: "Disable the account" }).click();
  const question = page.getByRole("dialog", { name: "Disable the account of Ben Okafor?" });
  await question.getByText("cannot sign in until you let them back").waitFor();
  ben.complaints.allow(/40[13] /);
  await question.getByRole("button", { name: "Disable" }).click();
  await row.getByText(/^disabled since/).waitFor();
  await ben.isOutside();

  await row.getByRole("button", { name: "Actions for Ben Okafor" }).click();
  await page.getByRole("menuitem", { name: "Let back in" }).click();
  await row.getByText(/^disabled since/).waitFor({ state: "detached" });
  await ben.fillsSignIn();

  // Signed out everywhere, and in again.
  await row.getByRole("button", { name: "Actions for Ben Okafor" }).click();
  await page.getByRole("menuitem", { name: "End all sessions" }).click();
  await page.getByRole("dialog", { name: "Sign Ben Okafor out everywhere?" }).getByRole("button", { name: "End all" }).click();
  await ben.isOutside();

  // The only administrator stays one, and is told why.
  ada.complaints.allow(/4\d\d .*\/api\/v1\/accounts\/\d+$/);
  await page.getByRole("searchbox").fill("ada");
  await page.getByRole("button", { name: "Actions for Ada Keeper" }).click();
  await page.getByRole("menuitem", { name: "Take back administrator" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take back administrator" }).click();
  await page.getByText("There must be an administrator, and this is the only one.").waitFor();

  await page.getByRole("tab", { name: "Registration" }).click();
  await page.getByRole("group", { name: "Who may sign up" }).getByText("Nobody").click();
  await page.getByText("New accounts are made on the server's command line only.").waitFor();

  // All of it is written down.
  await page.getByRole("tab", { name: "What happened" }).click();
  const log = page.getByRole("list", { name: "What happened" });
  for (const line of [
    "Ada Keeper let nobody sign up any more",
    "Ada Keeper signed Ben Okafor out everywhere",
    "Ada Keeper let Ben Okafor back in",
    "Ada Keeper disabled Ben Okafor",
    "Ben Okafor made an account",
  ]) {
    await log.getByRole("listitem").filter({ hasText: line }).waitFor();
  }

  // Nobody else finds anything there.
  await ben.fillsSignIn();
  await ben.goes("/administration");
  await ben.page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  await ben.goes("/settings");
  await ben.page.getByRole("heading", { name: "Profile" }).waitFor();
  assert.equal(await ben.page.getByRole("button", { name: "Open the administration" }).count(), 0);
});

function item(page, name) {
  return page.getByRole("main").getByRole("link", { name });
}

/** Alma's room, with Ben in it, both looking at it. */
async function inOneRoom(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await alma.joinsQuietly();
  const { id } = await ben.joinsQuietly();
  const made = await alma.calls("POST", "/conversations", { kind: "room", name: "Secret garden" });
  const room = made.conversation.id;
  await ben.calls("POST", `/invites/${made.invite.code}/join`);
  await alma.calls("POST", `/conversations/${room}/members/${id}/approve`);
  for (const somebody of [alma, ben]) {
    await somebody.goes(`/c/${room}`);
    await somebody.isIn("Secret garden");
    await somebody.isLive();
  }
  return { alma, ben, room };
}

async function becomesAdministrator(person, server) {
  await person.goes(await until("the server printed the link", () => server.setupLink));
  await person.fillsAccount();
  await person.page.getByRole("button", { name: "Start" }).click();
  await person.isIn("General");
}

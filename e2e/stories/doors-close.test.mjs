// How one leaves: put out of a room, turned away at its door, signed out here, signed out from elsewhere.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { PASSWORD } from "../lib/person.mjs";

const NOT_IN = "You are not in this conversation";

story("who is removed from a room sees it go at once, and nothing of what is said there afterwards", async ({ person }) => {
  const { alma, ben, room } = await inOneRoom(person);
  await alma.says("Still among us.");
  await ben.sees("Still among us.", alma.name);

  await alma.page.getByRole("button", { name: `Actions for ${ben.name}` }).click();
  await alma.page.getByRole("menuitem", { name: "Remove from the room" }).click();
  await alma.page.getByRole("dialog", { name: `Remove ${ben.name}?` }).getByRole("button", { name: "Remove" }).click();
  await ben.page.getByRole("heading", { name: NOT_IN }).waitFor();
  await ben.row("Secret garden").waitFor({ state: "detached" });
  await alma.says("Among ourselves.");

  assert.equal(await ben.page.getByText("Among ourselves.").count(), 0);
  ben.complaints.allow(/404 .*\/api\/v1\/conversations\//);
  await ben.page.reload();
  await ben.page.getByRole("heading", { name: NOT_IN }).waitFor();
  await assert.rejects(ben.stored(room), /404/);
});

story("who is turned away at the door is told, and who takes the request back is not asked about any more", async ({ person }) => {
  const alma = await signedIn(person, "alma", "Alma Reyes");
  const ben = await signedIn(person, "ben", "Ben Okafor");
  const link = await alma.makesRoom("Secret garden");
  await ben.asksToJoin(link);
  await alma.page.getByRole("button", { name: `Not now: ${ben.name}` }).first().click();
  await ben.page.getByRole("status").filter({ hasText: "Secret garden did not let you in." }).waitFor();
  await ben.page.getByRole("heading", { name: NOT_IN }).waitFor();
  await ben.row("Secret garden").waitFor({ state: "detached" });

  await ben.asksToJoin(link);
  const requests = alma.page.getByRole("region", { name: "Requests to join" });
  await requests.getByText(ben.name).waitFor();
  await ben.page.getByRole("button", { name: "Take the request back" }).click();
  await ben.isIn("General");
  await requests.waitFor({ state: "detached" });
  await alma.row("Secret garden").filter({ hasText: "asking" }).waitFor({ state: "detached" });
});

story("signing out in one tab signs out the other, and a session ended from elsewhere ends at once", async ({ person }) => {
  const alma = await signedIn(person, "alma", "Alma Reyes");
  // Whose session is over is told by 401, which is no fault of the page.
  alma.complaints.allow(/401 .*\/api\/v1\//, /WebSocket connection to .* failed/);
  const second = await alma.anotherTab();
  await second.isIn("General");
  await second.isLive();
  await alma.page.getByRole("link", { name: "Settings" }).click();
  await alma.page.getByRole("button", { name: "Sign out" }).click();
  await alma.isOutside();
  await second.isOutside();

  // Signing in leads to where one was going.
  const general = "/c/1";
  await second.goes(general);
  await second.isOutside();
  await second.fillsSignIn();
  await second.isIn("General");
  assert.equal(new URL(second.page.url()).pathname, general);
  await alma.page.reload();
  await alma.isInside();
  await alma.page.getByRole("link", { name: "Settings" }).click();
  await alma.page.getByRole("button", { name: "Sign out" }).click();
  await second.isOutside();

  const laptop = alma;
  const phone = await person("alma", { name: "Alma Reyes" });
  phone.complaints.allow(/401 .*\/api\/v1\//, /WebSocket connection to .* failed/);
  await laptop.signsIn();
  await phone.signsIn();
  await phone.isIn("General");
  await phone.isLive();
  await laptop.page.getByRole("link", { name: "Settings" }).click();
  const sessions = laptop.page.getByRole("region", { name: "Where you are signed in" });
  await sessions.getByText("this one").waitFor();
  await sessions.getByRole("button", { name: /^End the session/ }).click();
  await phone.isOutside();
  await sessions.getByRole("button", { name: /^End the session/ }).waitFor({ state: "detached" });
});

story("a wrong password is refused in words, and a new password ends the other sessions", async ({ person }) => {
  const alma = await signedIn(person, "alma", "Alma Reyes");
  const elsewhere = await person("alma", { name: "Alma Reyes" });
  elsewhere.complaints.allow(/401 .*\/api\/v1\//, /WebSocket connection to .* failed/);
  await elsewhere.goes("/login");
  await elsewhere.page.getByRole("textbox", { name: "Username or e-mail" }).fill("alma");
  await elsewhere.page.getByLabel("Password", { exact: true }).fill("something else");
  await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
  await elsewhere.page.getByRole("alert").filter({ hasText: "The account or the password is wrong." }).waitFor();
  await elsewhere.signsIn();
  await elsewhere.isIn("General");
  await elsewhere.isLive();

  await alma.page.getByRole("link", { name: "Settings" }).click();
  await alma.page.getByLabel("Current password").fill(PASSWORD);
  await alma.page.getByLabel("New password").fill("another horse battery");
  await alma.page.getByRole("button", { name: "Change the password" }).click();
  await alma.page.getByRole("status").filter({ hasText: "The password is changed." }).waitFor();
  await elsewhere.isOutside();
  await alma.goes("/");
  await alma.isIn("General");
});

async function signedIn(person, username, name) {
  const somebody = await person(username, { name });
  await somebody.joinsQuietly();
  await somebody.goes("/");
  await somebody.isIn("General");
  await somebody.isLive();
  return somebody;
}

/** Two people in a room of their own, both looking at it. */
async function inOneRoom(person) {
  const alma = await signedIn(person, "alma", "Alma Reyes");
  const ben = await signedIn(person, "ben", "Ben Okafor");
  const link = await alma.makesRoom("Secret garden");
  await ben.asksToJoin(link);
  await alma.letsIn(ben);
  await ben.isIn("Secret garden");
  const room = (await alma.conversationNamed("Secret garden")).id;
  return { alma, ben, room };
}

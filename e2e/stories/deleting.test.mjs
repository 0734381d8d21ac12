// What one deletes is gone at once, can be taken back for a moment, and is then gone for everybody: once, and whatever happens
// meanwhile to the page or to the network.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("a message that is deleted and taken back, by Ctrl+Z or the button, was never deleted for anybody", async ({ person }) => {
  const { alma, ben, general, told } = await twoInGeneral(person);
  await alma.says("Keep this.");
  await ben.sees("Keep this.", alma.name);

  await alma.picks("Keep this.", "Delete");
  await alma.doesNotSee("Keep this.");
  await alma.undoOffers().waitFor();
  // The box is empty, so that the key is not about its text.
  await alma.composer().press("Control+z");
  await alma.sees("Keep this.", "You");
  await offersAreGone(alma);

  await alma.picks("Keep this.", "Delete");
  await alma.doesNotSee("Keep this.");
  const undo = alma.undoOffers().getByRole("button", { name: "Undo" });
  await undo.focus();
  await undo.press("Enter");
  await alma.sees("Keep this.", "You");
  await offersAreGone(alma);

  await alma.says("And this.");
  await ben.sees("And this.", alma.name);
  assert.deepEqual(await ben.texts(), ["Keep this.", "And this."]);
  assert.deepEqual(await ben.stored(general), ["Keep this.", "And this."]);
  assert.deepEqual(told, []);
});

story("each of several deletions has its own way back, and the oldest makes room", async ({ person }) => {
  const { alma, ben, general, told } = await twoInGeneral(person);
  for (const text of ["one", "two", "three", "four"]) await alma.says(text);
  for (const text of ["one", "two", "three", "four"]) {
    await alma.picks(text, "Delete");
    await alma.doesNotSee(text);
    // They wait while the pointer is on them.
    await alma.undoOffers().hover();
  }
  await ben.doesNotSee("one");
  await alma.undoOffers().getByRole("button", { name: "Undo" }).nth(1).click();
  await alma.sees("three", "You");
  for (const left of [2, 1]) {
    await untilEqual("so many can be taken back", () => alma.undoOffers().getByRole("button", { name: "Undo" }).count(), left);
    await alma.undoOffers().getByRole("button", { name: "Dismiss" }).first().click();
  }
  await untilEqual("the server has what is left", () => ben.stored(general), [null, null, "three", null]);
  await untilEqual("Ben sees it", () => ben.texts(), ["deleted", "deleted", "three", "deleted"]);
  assert.equal(told.length, 3);
});

story("who deletes and reloads, or goes elsewhere, has deleted", async ({ person }) => {
  const { alma, ben, general } = await twoInGeneral(person);
  for (const text of ["before the reload", "before going", "kept"]) await alma.says(text);

  await alma.picks("before the reload", "Delete");
  await alma.doesNotSee("before the reload");
  await alma.page.reload();
  await alma.sees("kept", "You");
  await alma.doesNotSee("before the reload");
  await ben.doesNotSee("before the reload");

  await alma.picks("before going", "Delete");
  await alma.startsChatWith(ben);
  await ben.doesNotSee("before going");
  await offersAreGone(alma);
  assert.deepEqual(await ben.stored(general), [null, null, "kept"]);
});

story("what is deleted offline is deleted once when the network is back", async ({ person }) => {
  const { alma, ben, general, told } = await twoInGeneral(person);
  for (const text of ["one", "two"]) await alma.says(text);
  await ben.sees("two", alma.name);

  alma.complaints.allowOutage();
  await alma.context.setOffline(true);
  await alma.hasStatus(/^Offline/);
  await alma.deletes("one");
  await alma.doesNotSee("one");
  await alma.hasStatus(/1 waiting to be sent/);
  assert.deepEqual(await ben.texts(), ["one", "two"]);
  await alma.context.setOffline(false);
  await alma.isLive();
  await ben.doesNotSee("one");
  await untilEqual("the server has it", () => ben.stored(general), [null, "two"]);
  await alma.page.reload();
  await alma.sees("two", "You");
  assert.equal(told.length, 1);
});

story("a deletion that the server refuses brings the message back and says why", async ({ person }) => {
  const { alma, ben, made } = await inARoom(person);
  await alma.says("Too late.");
  alma.complaints.allow(/4\d\d .*\/api\/v1\/messages\//);
  // Between the deletion and its end the room is closed.
  await alma.picks("Too late.", "Delete");
  await alma.doesNotSee("Too late.");
  await alma.undoOffers().hover();
  await ben.calls("PATCH", `/conversations/${made.id}`, { archived: true });
  await alma.page.getByText("This room is archived.").first().waitFor();
  await alma.undoOffers().getByRole("button", { name: "Dismiss" }).click();
  await alma.page.getByText(/^The message is back, because it could not be deleted\./).waitFor();
  await alma.sees("Too late.", "You");
});

/** Alma and Ben look at General; `told`: every deletion that Alma's page asks the server for. */
async function twoInGeneral(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  for (const somebody of [alma, ben]) {
    await somebody.joinsQuietly();
    await somebody.goes("/");
    await somebody.isIn("General");
    await somebody.isLive();
  }
  const told = [];
  alma.page.on("request", (request) => {
    if (request.method() === "DELETE" && /\/messages\/\d+$/.test(request.url())) told.push(request.url());
  });
  return { alma, ben, told, general: (await alma.conversationNamed("General")).id };
}

/** Ben's room with Alma in it. */
async function inARoom(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  const { id } = await alma.joinsQuietly();
  await ben.joinsQuietly();
  const { conversation, invite } = await ben.calls("POST", "/conversations", { kind: "room", name: "Kitchen garden" });
  await alma.calls("POST", `/invites/${invite.code}/join`);
  await ben.calls("POST", `/conversations/${conversation.id}/members/${id}/approve`);
  await alma.goes(`/c/${conversation.id}`);
  await alma.isIn("Kitchen garden");
  await alma.isLive();
  return { alma, ben, made: conversation };
}

async function offersAreGone(somebody) {
  await until("nothing can be taken back any more", async () => (await somebody.undoOffers().count()) === 0);
}

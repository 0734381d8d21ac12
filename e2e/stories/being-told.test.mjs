// Being told of what happens while one looks elsewhere: of what one asked for, once, and never without having said yes.
import assert from "node:assert/strict";
import { asked, badge, clicksLast, looksAway, looksBack, recordNotifications, told, tones, words } from "../lib/recorder.mjs";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("private messages, mentions and requests are told, other things where a setting says so, and a click lands there", async ({ person }) => {
  const { alma, ben, cleo, room, invite, general } = await house(person);
  const { page } = alma;
  const { conversation: chat } = await ben.calls("POST", "/conversations", { kind: "direct", account_id: alma.id });

  // What is plain is shown in the list alone; what wants her is told.
  await ben.sendsQuietly(room, "The beans are up.");
  await ben.sendsQuietly(room, "@alma, will you water?");
  const mention = "Ben Okafor in Kitchen garden | @alma, will you water?";
  await untilEqual("the mention is told", () => words(alma), [mention]);
  await ben.sendsQuietly(chat.id, "A word in private?");
  const privately = "Ben Okafor | A word in private?";
  await untilEqual("the private message is told", () => words(alma), [mention, privately]);

  // One more of the same conversation takes its place and counts.
  await ben.sendsQuietly(chat.id, "About the fence.");
  const two = "Ben Okafor | 2 unread messages\nAbout the fence.";
  await untilEqual("the two are gathered", () => words(alma), [mention, privately, two]);
  const tags = (await told(alma)).map(({ tag }) => tag);
  assert.equal(tags[1], tags[2]);
  assert.notEqual(tags[0], tags[1]);

  // The click lands on the message, and what is read is taken back.
  await clicksLast(alma);
  await alma.isIn("Ben Okafor");
  await until("the message has the focus", () =>
    page.getByRole("article", { name: /About the fence\.$/ }).evaluate((row) => row === document.activeElement),
  );
  assert.equal(new URL(page.url()).pathname, `/c/${chat.id}`);
  await untilEqual("what is read is taken back", async () => (await told(alma))[2].isClosed, true);

  // Not of what she looks at; of the same when she turns away.
  await ben.sendsQuietly(chat.id, "You are looking at this.");
  await alma.sees("You are looking at this.", ben.name);
  assert.equal((await told(alma)).length, 3);
  await looksAway(alma);
  await ben.sendsQuietly(chat.id, "You are not looking at this.");
  await untilEqual("it is told", async () => (await words(alma)).at(-1), "Ben Okafor | You are not looking at this.");
  await looksBack(alma);
  await until("all of it is read", async () => (await alma.conversationNamed(ben.name)).unread === 0);

  // A request leads to where it is decided.
  await cleo.calls("POST", `/invites/${invite}/join`);
  await untilEqual("the request is told", async () => (await words(alma)).at(-1), "Cleo Marchetti asks to join Kitchen garden");
  await clicksLast(alma);
  await page.getByRole("complementary", { name: "Details" }).getByText("Cleo Marchetti").first().waitFor();

  // Everything, and without the words.
  await page.getByRole("link", { name: "Settings" }).click();
  const section = page.getByRole("region", { name: "Notifications" });
  await section.getByText("This browser shows notifications while Parlor is open in it.").waitFor();
  await section.getByRole("radio", { name: "Everything" }).check();
  await section.getByRole("checkbox", { name: "Hide what was written" }).check();
  await ben.sendsQuietly(general, "Tea at four.");
  await untilEqual("everything is told", async () => (await words(alma)).at(-1), "Ben Okafor in General | New message");

  // A sound only where it is wanted.
  assert.equal(await tones(alma), 0);
  await section.getByRole("checkbox", { name: "Play a sound" }).check();
  await ben.sendsQuietly(general, "And cake.");
  await untilEqual("the sound is played", () => tones(alma), 2);
  await section.getByRole("button", { name: "Listen" }).click();
  await untilEqual("the sound is played", () => tones(alma), 4);

  // Nothing: what comes first would be told before what comes second is seen.
  await section.getByRole("radio", { name: "Nothing" }).check();
  const before = (await told(alma)).length;
  await ben.sendsQuietly(chat.id, "Nobody hears this.");
  await alma.row(ben.name).filter({ hasText: "1 unread" }).waitFor();
  assert.equal((await told(alma)).length, before);
});

story("nobody is asked on coming in: after the first private message it is offered, and a no is explained", async ({ person }) => {
  const { alma, ben, cleo } = await house(person, { permission: "default", answer: "denied" });
  const { page } = alma;
  await ben.calls("POST", "/conversations", { kind: "direct", account_id: alma.id });
  assert.equal(await asked(alma), 0);
  const { conversation: chat } = await ben.calls("POST", "/conversations", { kind: "direct", account_id: alma.id });
  await ben.sendsQuietly(chat.id, "Hello Alma.");
  const offer = page.getByRole("status").filter({ hasText: "Shall this browser tell you" });
  await offer.waitFor();
  assert.equal(await asked(alma), 0);
  await offer.getByRole("button", { name: "Dismiss" }).click();

  // Offered once. Later it is for her to ask.
  const { conversation: other } = await cleo.calls("POST", "/conversations", { kind: "direct", account_id: alma.id });
  await cleo.sendsQuietly(other.id, "Hello too.");
  await alma.row(cleo.name).filter({ hasText: "1 unread" }).waitFor();
  await offer.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Settings" }).click();
  const section = page.getByRole("region", { name: "Notifications" });
  await section.getByRole("button", { name: "Allow notifications" }).click();
  await section.getByText("This browser was told not to show notifications of Parlor.").waitFor();
  assert.equal(await asked(alma), 1);
  assert.deepEqual(await told(alma), []);
});

story("two windows tell a thing once, and neither tells what the other one shows", async ({ person }) => {
  const { alma, ben, room } = await house(person);
  const second = await alma.anotherTab(`/c/${room}`);
  await second.isIn("Kitchen garden");
  await second.isLive();
  await looksAway(alma);
  await looksAway(second);
  const both = async () => [...(await words(alma)), ...(await words(second))];
  await ben.sendsQuietly(room, "@alma, one");
  await untilEqual("one of them tells it", both, ["Ben Okafor in Kitchen garden | @alma, one"]);
  await ben.sendsQuietly(room, "@alma, two");
  await untilEqual("again one", async () => (await both()).length, 2);

  // She looks at the room in the second: the first has nothing to tell. What follows elsewhere is told by one.
  await looksBack(second);
  await second.sees("@alma, two", ben.name);
  await until("the second window says that she looks", () =>
    second.page.evaluate(async () => (await navigator.locks.query()).held.some(({ name }) => name.includes(".looking."))),
  );
  await ben.sendsQuietly(room, "@alma, three");
  await second.sees("@alma, three", ben.name);
  const { conversation: chat } = await ben.calls("POST", "/conversations", { kind: "direct", account_id: alma.id });
  await ben.sendsQuietly(chat.id, "four");
  await until("four is told", async () => (await both()).includes("Ben Okafor | four"));
  assert.equal((await both()).length, 3);
});

story("do not disturb begins at the bell, is seen, survives a reload, and ends where it is seen", async ({ person }) => {
  const { alma, ben } = await house(person);
  const { page } = alma;
  const { conversation: chat } = await ben.calls("POST", "/conversations", { kind: "direct", account_id: alma.id });
  await page.getByRole("button", { name: "Do not disturb", exact: true }).click();
  await page.getByRole("menuitem", { name: "Do not disturb for 30 minutes" }).click();
  const line = page.getByRole("status").filter({ hasText: /^Do not disturb until .*\d\d:\d\d/ });
  await line.waitFor();
  await ben.sendsQuietly(chat.id, "Psst.");
  await alma.row(ben.name).filter({ hasText: "1 unread" }).waitFor();
  await page.reload();
  await alma.isLive();
  await line.waitFor();
  await ben.sendsQuietly(chat.id, "Psst, again.");
  await alma.row(ben.name).filter({ hasText: "2 unread" }).waitFor();
  assert.deepEqual(await told(alma), []);
  await page.getByRole("button", { name: "End do not disturb" }).click();
  await line.waitFor({ state: "detached" });
  await ben.sendsQuietly(chat.id, "Now?");
  await untilEqual("it is told again", () => words(alma), ["Ben Okafor | 3 unread messages\nNow?"]);

  // The finder knows it too.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("until I end");
  await page.getByRole("option", { name: "Do not disturb until I end it" }).waitFor({ state: "detached" });
  await page.getByRole("combobox").fill("do not");
  await page.getByRole("option", { name: "Do not disturb until I end it" }).click();
  await page.getByRole("status").filter({ hasText: /^Do not disturbEnd$/ }).waitFor();
});

story("the tab's picture has a dot for what is unread and a brass one for what wants one", async ({ person }) => {
  const { alma, ben, room } = await house(person);
  const icon = () => alma.page.locator('link[rel="icon"]').getAttribute("href").then(decodeURIComponent);
  const dot = async () => (await icon()).match(/<circle[^>]*fill="([^"]+)"/)?.[1] ?? null;
  assert.equal(await icon(), "/mark.svg");
  await ben.sendsQuietly(room, "The beans are up.");
  await untilEqual("a plain dot", dot, "#17868a");
  await untilEqual("a dot on the app", () => badge(alma), "dot");
  await ben.sendsQuietly(room, "@alma, look!");
  await untilEqual("a brass dot", dot, "#c4861c");
  await untilEqual("a number on the app", () => badge(alma), 1);
  await until("the title counts", async () => (await alma.page.title()).startsWith("(2) "));
  await alma.opens("Kitchen garden");
  await untilEqual("none", icon, "/mark.svg");
  await untilEqual("none on the app", () => badge(alma), null);
});

/** Alma looks at General and has a room with Ben; Cleo has an invite. */
async function house(person, permission = {}) {
  const [alma, ben, cleo] = await Promise.all([
    person("alma", { name: "Alma Reyes" }),
    person("ben", { name: "Ben Okafor" }),
    person("cleo", { name: "Cleo Marchetti" }),
  ]);
  await recordNotifications(alma, permission);
  for (const somebody of [alma, ben, cleo]) await somebody.joinsQuietly();
  const made = await alma.calls("POST", "/conversations", { kind: "room", name: "Kitchen garden" });
  const room = made.conversation.id;
  const invite = made.invite.code;
  await ben.calls("POST", `/invites/${invite}/join`);
  await alma.calls("POST", `/conversations/${room}/members/${ben.id}/approve`);
  const general = (await alma.conversationNamed("General")).id;
  await alma.goes(`/c/${general}`);
  await alma.isIn("General");
  await alma.isLive();
  return { alma, ben, cleo, room, invite, general };
}

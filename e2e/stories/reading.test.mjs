// Reading: nothing moves under the eyes, pages of history come before they are missed, and what one wants to know about
// a message is told.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

const MANY = 260;

story("what is being read stays in its place while older pages come, messages arrive and others are edited", async ({ person }) => {
  const { alma, ben, room } = await house(person);
  const { page } = alma;
  const sent = [];
  for (let count = 1; count <= MANY; count += 1) sent.push(await ben.sendsQuietly(room, `Box ${count}: ${"what is in it ".repeat(count % 9)}`));
  await alma.calls("PUT", `/conversations/${room}/read`, { seq: MANY });
  await alma.goes(`/c/${room}`);
  await alma.isIn("Attic");
  await alma.message(`Box ${MANY}: ${"what is in it ".repeat(MANY % 9)}`.trim()).waitFor();
  await alma.isLive();
  await page.mouse.move(600, 400);

  let arrived = 0;
  for (let round = 0; (await firstHeld(page)) > 1; round += 1) {
    assert.ok(round < 60, "the first message is never reached");
    await page.mouse.wheel(0, -900);
    // The wheel has done what it does: nothing but the log itself can move a row from here on.
    const before = await restingMiddle(page);
    arrived += 1;
    const held = await firstHeld(page);
    await ben.sendsQuietly(room, `Arrived ${arrived}`);
    // Above and below what is being read, longer and shorter than it was.
    for (const at of [before.seq - 4, before.seq - 1, before.seq + 3]) {
      const message = sent[at - 1];
      if (message) await ben.calls("PATCH", `/messages/${message.id}`, { body: `Mended ${round}.${"\nOne more line.".repeat(round % 4)}` });
    }
    await ben.calls("PUT", `/messages/${sent[Math.max(0, before.seq - 3)].id}/reactions/${encodeURIComponent("👀")}`);
    const last = sent[before.seq - 2];
    if (last && held < before.seq) await until("the edits are seen", () => shows(page, before.seq - 1, `Mended ${round}.`));
    const after = await placeOf(page, before.seq);
    assert.ok(Math.abs(after - before.top) <= 1, `message ${before.seq} went from ${before.top} to ${after}`);
  }
  assert.ok(arrived >= 4, `only ${arrived} rounds`);
  await page.getByRole("button", { name: /go to the latest/ }).click();
  await alma.sees(`Arrived ${arrived}`, ben.name);
});

story("a page of history that does not come says so, and comes when it is asked for again", async ({ person }) => {
  const { alma, ben, room } = await house(person);
  const { page } = alma;
  for (let count = 1; count <= 120; count += 1) await ben.sendsQuietly(room, `Box ${count}`);
  await alma.calls("PUT", `/conversations/${room}/read`, { seq: 120 });
  alma.complaints.allowOutage();
  const isOlder = /\/messages\?.*before=/;
  await page.route(isOlder, (route) => route.abort());
  await alma.goes(`/c/${room}`);
  await alma.isIn("Attic");
  await alma.isLive();
  await alma.message("Box 115").waitFor();
  await page.evaluate(() => document.querySelector(".log").scrollTo(0, 0));
  const line = page.getByRole("status").filter({ hasText: "The older messages did not come." });
  await line.waitFor();
  await page.unroute(isOlder);
  await alma.log().getByRole("button", { name: "Try again" }).click();
  await line.waitFor({ state: "detached" });
  await untilEqual("everything has come", async () => {
    await page.evaluate(() => document.querySelector(".log").scrollTo(0, 0));
    return firstHeld(page);
  }, 1);
  await page.getByText("This is the beginning of Attic.").waitFor();
});

story("one sees who reacted, who has read and what was said before, and a quote leads there and back, all by keys", async ({ person }) => {
  const { alma, ben, cleo, room } = await house(person);
  const { page } = alma;
  const press = (keys) => page.keyboard.press(keys);
  const first = await ben.sendsQuietly(room, "Which box is the lamp in?");
  for (let count = 1; count <= 150; count += 1) await ben.sendsQuietly(room, `Box ${count}`);
  const answer = await alma.sendsQuietly(room, "In the secnd one.", first.id);
  await alma.calls("PATCH", `/messages/${answer.id}`, { body: "In the second one." });
  for (const somebody of [ben, cleo]) {
    await somebody.calls("PUT", `/messages/${answer.id}/reactions/${encodeURIComponent("💡")}`);
  }
  await ben.calls("PUT", `/conversations/${room}/read`, { seq: 152 });
  await alma.goes(`/c/${room}`);
  await alma.isIn("Attic");
  await alma.isLive();
  const row = alma.message("In the second one.");
  await row.waitFor();

  const emoji = row.getByRole("button", { name: "💡 2, Ben Okafor and Cleo Marchetti" });
  await emoji.hover();
  await page.locator(".tip").getByText("Ben Okafor, Cleo Marchetti").waitFor();
  await page.mouse.move(5, 5);
  await page.locator(".tip").waitFor({ state: "detached" });

  const opens = async (item, title) => {
    await row.focus();
    await press("Enter");
    await page.getByRole("menuitem", { name: item }).focus();
    await press("Enter");
    const dialog = page.getByRole("dialog", { name: title });
    await dialog.waitFor();
    return dialog;
  };
  // The right button does what the button "More" does.
  await row.locator(".bubble").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Who reacted" }).waitFor();
  await press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });

  const reacted = await opens("Who reacted", "Reactions");
  await reacted.getByText("Cleo Marchetti").waitFor();
  await press("Escape");
  await reacted.waitFor({ state: "detached" });
  await until("the focus is back", () => row.evaluate((it) => it.contains(document.activeElement)));

  const readers = await opens("Who has read it", "Read by");
  await readers.getByRole("region", { name: "Have read it" }).getByText("Ben Okafor").waitFor();
  await readers.getByRole("region", { name: "Not yet" }).getByText("Cleo Marchetti").waitFor();
  // It follows what happens.
  await cleo.calls("PUT", `/conversations/${room}/read`, { seq: 152 });
  await readers.getByRole("region", { name: "Have read it" }).getByText("Cleo Marchetti").waitFor();
  await press("Escape");
  await readers.waitFor({ state: "detached" });

  alma.complaints.allowOutage();
  await page.route(/\/edits$/, (route) => route.abort());
  await row.getByRole("button", { name: /^edited/ }).click();
  const texts = page.getByRole("dialog", { name: "Earlier texts" });
  await texts.getByText("The server cannot be reached.").waitFor();
  await page.unroute(/\/edits$/);
  await texts.getByRole("button", { name: "Try again" }).click();
  await texts.getByText("In the secnd one.").waitFor();
  await texts.getByText("as it is now").waitFor();
  await press("Escape");
  await texts.waitFor({ state: "detached" });

  await row.focus();
  await row.getByRole("button", { name: /In reply to Ben Okafor/ }).focus();
  await press("Enter");
  const original = alma.message("Which box is the lamp in?");
  await until("the original has the focus", () => original.evaluate((it) => it === document.activeElement));
  await page.getByRole("button", { name: "Back to where you were" }).waitFor();
  await press("b");
  await until("the answer has the focus", () => row.evaluate((it) => it === document.activeElement));
  await page.getByRole("button", { name: "Back to where you were" }).waitFor({ state: "detached" });
});

story("a finger that rests on a message opens its menu, and one that scrolls does not", async ({ person }) => {
  const { alma, ben, room } = await house(person, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
  const { page } = alma;
  for (let count = 1; count <= 30; count += 1) await ben.sendsQuietly(room, `Box ${count}`);
  await alma.goes(`/c/${room}`);
  await alma.isIn("Attic");
  await alma.message("Box 30").waitFor();
  const finger = await fingerOn(alma, "Box 28");
  await finger.down();
  await page.getByRole("menu").waitFor();
  await finger.up();
  // Lifting the finger closes nothing and presses nothing.
  await page.getByRole("menuitem", { name: "Reply" }).tap();
  await page.getByRole("menu").waitFor({ state: "detached" });
  await page.getByText("Replying to").or(page.getByText("Reply to")).first().waitFor();

  const before = await page.evaluate(() => document.querySelector(".log").scrollTop);
  const scrolling = await fingerOn(alma, "Box 27");
  await scrolling.down();
  for (let step = 1; step <= 12; step += 1) await scrolling.move(step * 12);
  await until("it scrolls", async () => (await page.evaluate(() => document.querySelector(".log").scrollTop)) < before);
  await scrolling.rests();
  assert.equal(await page.getByRole("menu").count(), 0);
  await scrolling.up();

  // A reaction that is held tells who.
  const { messages } = await ben.calls("GET", `/conversations/${room}/messages?limit=5`);
  await ben.calls("PUT", `/messages/${messages.at(-1).id}/reactions/${encodeURIComponent("💡")}`);
  await page.getByRole("button", { name: /go to the latest/ }).tap().catch(() => {});
  const emoji = alma.message("Box 30").getByRole("button", { name: /^💡 1/ });
  await emoji.waitFor();
  const onEmoji = await fingerAt(alma, emoji);
  await onEmoji.down();
  await page.getByRole("dialog", { name: "Reactions" }).getByText("Ben Okafor").waitFor();
  await onEmoji.up();
  await page.getByRole("dialog", { name: "Reactions" }).waitFor();
});

async function fingerOn(somebody, text) {
  return fingerAt(somebody, somebody.message(text).locator(".bubble"));
}

/** A finger that comes down in the middle of something. */
async function fingerAt({ page, context }, place) {
  const devtools = await context.newCDPSession(page);
  await place.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await place.boundingBox();
  const at = (down) => [{ x: x + width / 2, y: y + height / 2 + down }];
  const touch = (type, touchPoints) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
  return {
    down: () => touch("touchStart", at(0)),
    move: (down) => touch("touchMove", at(down)),
    up: () => touch("touchEnd", []),
    /** For longer than a menu would take. */
    rests: () => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700))),
  };
}

function firstHeld(page) {
  return page.evaluate(() => Number(document.querySelector(".log [data-seq]").dataset.seq));
}

/** The message in the middle of the view, once it rests: the same place in some pictures in a row. */
function restingMiddle(page) {
  return page.evaluate(async () => {
    const box = document.querySelector(".log");
    const middle = () => {
      const { top, height } = box.getBoundingClientRect();
      const rows = [...box.querySelectorAll("[data-seq]")];
      const row = rows.find((it) => it.getBoundingClientRect().bottom > top + height / 2) ?? rows.at(-1);
      return { seq: Number(row.dataset.seq), top: row.getBoundingClientRect().top };
    };
    let last = middle();
    for (let same = 0; same < 6; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = middle();
      same = now.seq === last.seq && now.top === last.top ? same + 1 : 0;
      last = now;
    }
    return last;
  });
}

function placeOf(page, seq) {
  return page.evaluate((it) => document.querySelector(`.log [data-seq="${it}"]`).getBoundingClientRect().top, seq);
}

function shows(page, seq, text) {
  return page.evaluate(([it, words]) => document.querySelector(`.log [data-seq="${it}"]`)?.textContent.includes(words), [seq, text]);
}

/** Alma, Ben and Cleo in the room Attic. */
async function house(person, options = {}) {
  const [alma, ben, cleo] = await Promise.all([
    person("alma", { name: "Alma Reyes", ...options }),
    person("ben", { name: "Ben Okafor" }),
    person("cleo", { name: "Cleo Marchetti" }),
  ]);
  for (const somebody of [alma, ben, cleo]) await somebody.joinsQuietly();
  const made = await alma.calls("POST", "/conversations", { kind: "room", name: "Attic" });
  const room = made.conversation.id;
  for (const guest of [ben, cleo]) {
    await guest.calls("POST", `/invites/${made.invite.code}/join`);
    await alma.calls("POST", `/conversations/${room}/members/${guest.id}/approve`);
  }
  return { alma, ben, cleo, room };
}

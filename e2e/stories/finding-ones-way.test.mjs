// Finding one's way: by keys that are told, and by links that lead to one message.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("every shortcut is told by ?, by Ctrl+/, by the settings and by the finder, and a question mark can still be written", async ({ person }) => {
  const { alma } = await house(person);
  const { page } = alma;
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  const closes = async () => {
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  };
  await alma.composer().press("?");
  await untilEqual("it is written", () => alma.composer().inputValue(), "?");
  assert.equal(await dialog.count(), 0);
  await page.keyboard.press("Control+/");
  await dialog.getByText("Next unread").waitFor();
  await dialog.getByText("Copy link").waitFor();
  await dialog.getByText("Send; in a block of code a new line").waitFor();
  await closes();
  await until("one writes on", () => alma.composer().evaluate((box) => box === document.activeElement));
  await alma.composer().fill("");

  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("?");
  await dialog.waitFor();
  // What is behind a dialog stays as it is.
  await page.keyboard.press("Alt+ArrowDown");
  await closes();
  await alma.isIn("General");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("shortcuts");
  await page.getByRole("option", { name: /^Keyboard shortcuts/, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  await closes();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await dialog.waitFor();
  await closes();
});

story("Alt and the arrows lead through the list, with Shift to what is unread and past everything else", async ({ person }) => {
  const { alma, ben, rooms } = await house(person);
  const press = (keys) => alma.page.keyboard.press(keys);
  await press("Alt+ArrowDown");
  await alma.isIn("Attic");
  await press("Alt+ArrowUp");
  await alma.isIn("General");
  await press("Alt+Shift+ArrowDown");
  await alma.page.getByRole("status").filter({ hasText: "Nothing else is unread." }).waitFor();
  await ben.sendsQuietly(rooms.Cellar, "It is damp.");
  await alma.row("Cellar").filter({ hasText: "1 unread" }).waitFor();
  await press("Alt+Shift+ArrowDown");
  await alma.isIn("Cellar");
  // From a message the same keys lead on too.
  await alma.sees("It is damp.", ben.name);
  await press("PageUp");
  await press("Alt+ArrowUp");
  await alma.isIn("Balcony");
});

story("a copied link opens its message with what stands around it, and says so when it is gone or not to be seen", async ({ person }) => {
  const { alma, ben, cleo, rooms } = await house(person);
  const { page } = ben;
  for (let count = 1; count <= 120; count += 1) await alma.sendsQuietly(rooms.Attic, `Box ${count}`);
  await alma.opens("Attic");
  await alma.sees("Box 120", "You");
  await alma.picks("Box 118", "Copy link");
  const link = await alma.page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, new RegExp(`/c/${rooms.Attic}/118$`));
  const early = link.replace(/118$/, "12");

  // Ben has not read the room yet; the link leads past what is new, and does not read it for him.
  await ben.goes(early);
  await ben.isIn("Attic");
  const row = ben.message("Box 12");
  await row.waitFor();
  await until("it has the focus", () => row.evaluate((it) => it === document.activeElement));
  await ben.sees("Box 11", alma.name);
  await ben.sees("Box 13", alma.name);
  assert.equal(new URL(page.url()).pathname, `/c/${rooms.Attic}`);
  const { read_seq } = (await ben.conversationNamed("Attic"));
  assert.ok(read_seq < 100, `read up to ${read_seq}`);

  // The same link once more, from elsewhere, and one that is held already.
  await ben.goes(link);
  await ben.message("Box 118").waitFor();
  await until("it has the focus", () => ben.message("Box 118").evaluate((it) => it === document.activeElement));

  // In a message it is followed in the same window, and back leads back.
  const general = (await alma.conversationNamed("General")).id;
  await alma.sendsQuietly(general, `Look at ${early}`);
  await ben.opens("General");
  await ben.log().getByRole("link", { name: early }).click();
  await ben.isIn("Attic");
  await ben.message("Box 12").waitFor();
  await until("it has the focus", () => ben.message("Box 12").evaluate((it) => it === document.activeElement));
  assert.equal(ben.context.pages().length, 1);
  await page.goBack();
  await ben.isIn("General");

  const { messages } = await alma.calls("GET", `/conversations/${rooms.Attic}/messages?limit=200`);
  await alma.calls("DELETE", `/messages/${messages.find(({ body }) => body === "Box 12").id}`);
  await ben.goes(early);
  const gone = ben.log().getByRole("article", { name: /deleted$/ });
  await gone.waitFor();
  await until("it has the focus", () => gone.evaluate((it) => it === document.activeElement));

  // What cannot be loaded is told, and can be tried again. Alma has read everything: she begins at the end.
  alma.complaints.allowOutage();
  const isElsewhere = /\/messages\?.*(after|before)=/;
  await alma.page.route(isElsewhere, (route) => route.abort());
  await alma.goes(link.replace(/118$/, "20"));
  const line = alma.page.getByRole("status").filter({ hasText: "could not be loaded" });
  await line.waitFor({ timeout: 20_000 });
  await alma.page.unroute(isElsewhere);
  await line.getByRole("button", { name: "Try again" }).click();
  await alma.message("Box 20").waitFor();
  await alma.page.getByText("could not be loaded").waitFor({ state: "detached" });

  await ben.goes(link.replace(/118$/, "9999"));
  await page.getByRole("status").filter({ hasText: "The link leads to a message that is not here." }).waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByText("The link leads to").waitFor({ state: "detached" });

  cleo.complaints.allow(/404 .*\/api\/v1\/conversations\//);
  await cleo.goes(link);
  await cleo.page.getByRole("heading", { name: "You are not in this conversation" }).waitFor();
  await cleo.page.getByText("Only members see the message that the link leads to.").waitFor();
});

/** Alma at General, with three rooms that Ben is in and Cleo is not. */
async function house(person) {
  const [alma, ben, cleo] = await Promise.all([
    person("alma", { name: "Alma Reyes" }),
    person("ben", { name: "Ben Okafor" }),
    person("cleo", { name: "Cleo Marchetti" }),
  ]);
  for (const somebody of [alma, ben, cleo]) await somebody.joinsQuietly();
  const rooms = {};
  for (const name of ["Attic", "Balcony", "Cellar"]) {
    const made = await alma.calls("POST", "/conversations", { kind: "room", name });
    rooms[name] = made.conversation.id;
    await ben.calls("POST", `/invites/${made.invite.code}/join`);
    await alma.calls("POST", `/conversations/${rooms[name]}/members/${ben.id}/approve`);
  }
  await alma.goes("/");
  await alma.isIn("General");
  await alma.isLive();
  return { alma, ben, cleo, rooms };
}

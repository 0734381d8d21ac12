// The first minutes: who has just come is welcomed once, and places where nothing is yet say what to do.
import assert from "node:assert/strict";
import { focused } from "../lib/focus.mjs";
import { look } from "../lib/look.mjs";
import { story } from "../lib/story.mjs";
import { until } from "../lib/until.mjs";

const welcome = (page) => page.getByRole("region", { name: "Welcome to Parlor" });

story("who has just signed up is welcomed with three ways to begin, until they say that it is enough", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const { page } = alma;
  await alma.signsUp();
  await alma.isIn("General");
  await welcome(page).waitFor();
  // What one does after it is no reason to send it away.
  await alma.says("Good morning, house.");

  await welcome(page).getByRole("button", { name: "Make a room and invite people" }).click();
  await page.getByRole("dialog", { name: "A new room" }).waitFor();
  await page.keyboard.press("Escape");
  await welcome(page).getByRole("button", { name: "Write to somebody" }).click();
  await page.getByRole("combobox", { name: "Find a room or a person" }).waitFor();
  await page.keyboard.press("Escape");
  await welcome(page).getByRole("button", { name: "See all keyboard shortcuts" }).click();
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await until("the focus is back where it was", async () => {
    return (await focused(page))?.name === "See all keyboard shortcuts";
  });

  await page.reload();
  await alma.isIn("General");
  await welcome(page).waitFor();
  const findings = [];
  await look(alma, "welcome", findings);
  assert.deepEqual(findings, []);

  await welcome(page).getByRole("button", { name: "Dismiss the welcome" }).click();
  await welcome(page).waitFor({ state: "detached" });
  await until("one can write at once", () => page.evaluate(() => document.activeElement?.matches(".composer textarea")));
  await page.reload();
  await alma.isIn("General");
  await alma.isLive();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await alma.isOutside();
  await alma.fillsSignIn();
  await alma.opens("General");
  await alma.isLive();
  assert.equal(await welcome(page).count(), 0);
});

story("who was here before is not welcomed again, with another device either", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  await alma.signsUp();
  await welcome(alma.page).waitFor();
  await alma.says("Good morning, house.");
  const elsewhere = await person("alma", { name: "Alma Reyes" });
  await elsewhere.signsIn();
  await elsewhere.opens("General");
  await elsewhere.sees("Good morning, house.", "You");
  await elsewhere.isLive();
  assert.equal(await welcome(elsewhere.page).count(), 0);
});

story("an empty room offers to invite people to those who may, and a search without an end a room", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await alma.joinsQuietly();
  const { id } = await ben.joinsQuietly();
  await alma.goes("/");
  await alma.isIn("General");
  const { page } = alma;
  await page.getByRole("button", { name: "Make the first room" }).waitFor();
  await page.getByRole("button", { name: "Find somebody to talk to" }).waitFor();
  await page.getByText("Everyone with an account is here. Say hello.").waitFor();

  await page.keyboard.press("Control+k");
  const finder = page.getByRole("dialog", { name: "Find or go to" });
  await finder.getByRole("combobox").fill("kitchen garden");
  await finder.getByText("Nobody and nothing is called that.").waitFor();
  await page.keyboard.press("Tab");
  await until("the button has the focus", async () => (await focused(page))?.name === "Make a room");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "A new room" }).waitFor();
  await page.keyboard.press("Escape");

  await alma.makesRoom("Kitchen garden");
  const room = (await alma.conversationNamed("Kitchen garden")).id;
  await page.getByText("This is the beginning of Kitchen garden.").waitFor();
  await alma.log().getByRole("button", { name: "Invite people" }).click();
  await page.getByText("The invite link is copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /\/join\/\S+$/);

  await ben.calls("POST", `/invites/${link.split("/").at(-1)}/join`);
  await alma.calls("POST", `/conversations/${room}/members/${id}/approve`);
  await ben.goes(`/c/${room}`);
  await ben.isIn("Kitchen garden");
  await ben.page.getByText("This is the beginning of Kitchen garden.").waitFor();
  assert.equal(await ben.page.getByRole("button", { name: "Invite people" }).count(), 0);
  await ben.says("What shall we plant?");
  await alma.sees("What shall we plant?", "Ben Okafor");
  await alma.page.getByRole("button", { name: "Invite people" }).waitFor({ state: "detached" });
});

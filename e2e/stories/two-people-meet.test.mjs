// The whole way of two people who do not know Parlor yet: sign up, talk, find each other, make a room, let somebody in.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { untilEqual } from "../lib/until.mjs";

story("two people sign up, see each other live, and one lets the other into a room", async ({ person }) => {
  const [alma, ben] = await signedUp(person);

  // General is open to everyone.
  await alma.isIn("General");
  await ben.isIn("General");
  await alma.says("Good morning, house.");
  await ben.sees("Good morning, house.", alma.name);
  await ben.says("Good morning, Alma.");
  await alma.sees("Good morning, Alma.", ben.name);

  // A private chat, found by name; it appears at the other side by itself.
  await alma.startsChatWith(ben);
  await alma.says("Shall we make a room for the garden?");
  await ben.row(alma.name).filter({ hasText: "1 unread" }).waitFor();
  await ben.opens(alma.name);
  await ben.sees("Shall we make a room for the garden?", alma.name);
  await ben.says("Yes, please.");
  await alma.sees("Yes, please.", ben.name);
  await ben.row(alma.name).filter({ hasText: "unread" }).waitFor({ state: "detached" });

  // A room, its link, and somebody at the door.
  const link = await alma.makesRoom("Kitchen garden", "What grows, and who waters it.");
  assert.match(link, /\/join\/\S+$/);
  await ben.goes(link);
  await ben.page.getByRole("heading", { name: "Kitchen garden", exact: true }).waitFor();
  await ben.page.getByText("What grows, and who waters it.").waitFor();
  await ben.page.getByRole("button", { name: "Ask to join" }).click();
  await ben.page.getByText("Waiting for approval").waitFor();
  await ben.row("Kitchen garden").filter({ hasText: "waiting" }).waitFor();

  await alma.row("Kitchen garden").filter({ hasText: "1 asking to join" }).waitFor();
  await alma.page.getByRole("region", { name: "Requests to join" }).getByText("asks to join this room").waitFor();
  await alma.letsIn(ben);

  // The waiting page turns into the room by itself.
  await ben.isIn("Kitchen garden");
  await ben.says("Thank you for opening.");
  await alma.sees("Thank you for opening.", ben.name);
  await alma.says("The beans are up.");
  await ben.sees("The beans are up.", alma.name);
  await alma.page.getByRole("region", { name: "Requests to join" }).waitFor({ state: "detached" });
});

story("an edit, a reply, a reaction and a deletion show at the other side at once, and after a reload", async ({ person }) => {
  const [alma, ben] = await signedUp(person);
  await alma.says("The meeting is at nin.");
  await ben.sees("The meeting is at nin.", alma.name);

  await alma.picks("The meeting is at nin.", "Edit");
  await alma.types("The meeting is at nine.");
  await ben.sees("The meeting is at nine.", alma.name);
  await ben.doesNotSee("The meeting is at nin.");
  await ben.message("The meeting is at nine.").getByText("edited").waitFor();

  await ben.picks("The meeting is at nine.", "Reply");
  await ben.says("I will be there.");
  const answer = alma.message("I will be there.");
  await answer.getByRole("button", { name: /In reply to Alma Reyes The meeting is at nine\./ }).waitFor();

  await alma.picks("I will be there.", "React 🎉");
  await ben.message("I will be there.").getByRole("button", { name: /^🎉.*Alma Reyes/ }).click();
  await alma.message("I will be there.").getByRole("button", { name: /^🎉.*You and Ben Okafor/ }).waitFor();

  await alma.says("Never mind this one.");
  await ben.sees("Never mind this one.", alma.name);
  await alma.deletes("Never mind this one.");
  await ben.doesNotSee("Never mind this one.");
  await ben.message("deleted").getByText("This message was deleted.").waitFor();

  const texts = ["The meeting is at nine.", "I will be there.", "deleted"];
  for (const somebody of [alma, ben]) {
    await somebody.page.reload();
    await untilEqual(`${somebody.name} has it all back`, () => somebody.texts(), texts);
    await somebody.message("The meeting is at nine.").getByText("edited").waitFor();
    await somebody.message("I will be there.").getByRole("button", { name: /In reply to Alma Reyes/ }).waitFor();
    await somebody.message("I will be there.").getByRole("button", { name: /🎉/ }).waitFor();
  }
});

story("who types is shown, and a new message is said once to screen readers and counted in the title", async ({ person }) => {
  const [alma, ben] = await signedUp(person);
  await alma.isLive();
  await ben.composer().pressSequentially("thinking");
  await alma.page.getByText("Ben Okafor is typing…").waitFor();
  await ben.types("Here it is, @alma.");
  await alma.sees("Here it is, @alma.", ben.name);
  const said = alma.page.getByText("Ben Okafor: Here it is, @alma.", { exact: true });
  await said.waitFor();
  assert.equal(await said.count(), 1);
  await alma.page.getByText("Ben Okafor is typing…").waitFor({ state: "detached" });

  await alma.page.getByRole("link", { name: "Settings" }).click();
  await alma.page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await ben.says("Are you there, @alma?");
  await alma.row("General").filter({ hasText: "1 unread, 1 naming you" }).waitFor();
  await untilEqual("the title counts", () => alma.page.title(), "(1) Settings · Parlor");
  await alma.opens("General");
  await untilEqual("the title is quiet", () => alma.page.title(), "General · Parlor");
});

async function signedUp(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await Promise.all([alma.signsUp(), ben.signsUp()]);
  return [alma, ben];
}

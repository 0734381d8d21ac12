// Marking as unread: what one has read and wants to come back to.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";

story("what one marks unread stays so on all devices until one comes back and sees the end, and begins with the line", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await alma.joinsQuietly();
  const { id } = await ben.joinsQuietly();
  const made = await ben.calls("POST", "/conversations", { kind: "room", name: "Kitchen garden" });
  const room = made.conversation.id;
  await alma.calls("POST", `/invites/${made.invite.code}/join`);
  await ben.calls("POST", `/conversations/${room}/members/${alma.id}/approve`);
  for (const text of ["What shall we plant?", "Beans?", "Or peas?"]) await ben.sendsQuietly(room, text);
  const { page } = alma;
  await alma.goes(`/c/${room}`);
  await alma.isIn("Kitchen garden");
  await alma.sees("Or peas?", "Ben Okafor");
  const marked = (one) => one.row("Kitchen garden").filter({ hasText: "marked unread" });
  const line = page.getByRole("log").getByText("New", { exact: false }).filter({ hasText: /^New/ });

  // In the menu of a message. While one stays there, it stays marked.
  await alma.picks("Beans?", "Mark unread from here");
  await marked(alma).waitFor();
  const elsewhere = await person("alma", { name: "Alma Reyes" });
  await elsewhere.signsIn();
  await marked(elsewhere).waitFor();
  await alma.opens("General");
  await marked(alma).waitFor();
  await alma.opens("Kitchen garden");
  await line.first().waitFor();
  await marked(alma).waitFor({ state: "detached" });
  await marked(elsewhere).waitFor({ state: "detached" });

  // By its key; and it is over when one writes there.
  await alma.message("Or peas?").focus();
  await page.keyboard.press("u");
  await marked(alma).waitFor();
  await alma.says("Both.");
  await marked(alma).waitFor({ state: "detached" });

  // At its line in the list, there and back.
  await alma.opens("General");
  await alma.row("Kitchen garden").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Mark unread" }).click();
  await marked(alma).waitFor();
  await alma.row("Kitchen garden").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Mark as read" }).click();
  await marked(alma).waitFor({ state: "detached" });
  await ben.goes(`/c/${room}`);
  await ben.sees("Both.", "Alma Reyes");
  // Nobody else learns of it: what she has read stays read.
  const { memberships } = await ben.calls("GET", `/conversations/${room}/members`);
  const { last_seq } = await ben.conversationNamed("Kitchen garden");
  const hers = memberships.find((member) => member.account.id !== id);
  assert.equal(hers.read_seq, last_seq);
});

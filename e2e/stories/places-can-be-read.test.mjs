// The card, the inbox, the details and the administration, in every theme and size: everybody can read and use them.
import assert from "node:assert/strict";
import { look, PHONE } from "../lib/look.mjs";
import { story } from "../lib/story.mjs";
import { until } from "../lib/until.mjs";

story("the card, the inbox, the details and the administration can be read by everybody", async ({ server, person }) => {
  const { alma, room } = await house(server, person);
  const { page } = alma;
  const findings = [];

  await alma.goes(`/c/${room}`);
  await alma.isIn("Kitchen garden");
  await alma.isLive();
  const card = page.getByRole("dialog", { name: /^Profile of/ });
  await alma.message("Beans, then. @alma, will you bring the sticks?").getByRole("button", { name: "Ben Okafor" }).click();
  await card.getByText("Here since").waitFor();
  await look(alma, "card", findings, [alma.page.viewportSize()]);
  await page.keyboard.press("Escape");

  await alma.goes("/inbox");
  await page.getByRole("link", { name: /Ben Okafor reacted/ }).waitFor();
  await page.getByText("Cleo Marchetti asks to join").waitFor();
  await look(alma, "inbox", findings);
  await page.getByRole("tab", { name: /^Requests/ }).click();
  await look(alma, "inbox-requests", findings);

  await alma.goes("/administration");
  await page.getByRole("button", { name: "Actions for Ben Okafor" }).waitFor();
  await look(alma, "administration", findings);
  await page.getByRole("searchbox").fill("nobody at all");
  await page.getByText("Nobody is called that.").waitFor();
  await look(alma, "administration-nobody", findings);
  await page.getByRole("tab", { name: "Registration" }).click();
  await look(alma, "registration", findings);
  await page.getByRole("tab", { name: "What happened" }).click();
  await page.getByText("Alma Reyes let Ben Okafor into Kitchen garden").waitFor();
  await look(alma, "audit", findings);

  await page.setViewportSize(PHONE);
  await alma.goes(`/c/${room}/details`);
  await page.getByText("Who is banned").click();
  await page.getByText("Nobody.").waitFor();
  await page.getByRole("button", { name: "Make an invite link" }).click();
  await page.getByRole("textbox", { name: "Invite link" }).waitFor();
  await look(alma, "details-open", findings, [PHONE]);
  await page.getByRole("complementary", { name: "Details" }).getByRole("button", { name: /^Ben Okafor/ }).click();
  await card.getByText("Here since").waitFor();
  await look(alma, "card-phone", findings, [PHONE]);
  assert.deepEqual(findings, []);
});

/** An administrator with a room, somebody in it who named her and reacted, and somebody at its door. */
async function house(server, person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  const cleo = await person("cleo", { name: "Cleo Marchetti" });
  await alma.goes(await until("the server printed the link", () => server.setupLink));
  await alma.fillsAccount();
  await alma.page.getByRole("button", { name: "Start" }).click();
  await alma.isIn("General");
  const { id } = await ben.joinsQuietly();
  await cleo.joinsQuietly();
  const made = await alma.calls("POST", "/conversations", { kind: "room", name: "Kitchen garden" });
  const room = made.conversation.id;
  await ben.calls("POST", `/invites/${made.invite.code}/join`);
  await alma.calls("POST", `/conversations/${room}/members/${id}/approve`);
  await cleo.calls("POST", `/invites/${made.invite.code}/join`);
  const first = await alma.sendsQuietly(room, "What shall we plant?");
  await ben.sendsQuietly(room, "Beans, then. @alma, will you bring the sticks?", first.id);
  await ben.calls("PUT", `/messages/${first.id}/reactions/${encodeURIComponent("🌱")}`);
  return { alma, room };
}

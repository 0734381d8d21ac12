// The plain pages, in a browser that runs no script: the way to them, two people who meet on them, and whether everybody
// can read them.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { PASSWORD } from "../lib/person.mjs";
import { axeFindings, sidewaysFindings } from "../lib/reading.mjs";
import { ARTIFACTS, story } from "../lib/story.mjs";

const WITHOUT = { javaScriptEnabled: false };
const WIDTHS = [1024, 390, 320];

story("two people without JavaScript are led to the plain pages, and talk there", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes", ...WITHOUT });
  const ben = await person("ben", { name: "Ben Okafor", ...WITHOUT });
  await alma.goes("/register");
  await alma.page.getByRole("link", { name: "Go on without it" }).click();
  await signsUp(alma);
  const link = await makesRoom(alma, "Kitchen garden");

  // The link that everybody is sent leads to the same door.
  await ben.goes(link);
  await ben.page.getByRole("link", { name: "Go on without it" }).click();
  await ben.page.getByRole("heading", { name: "Join Kitchen garden" }).waitFor();
  await ben.page.getByRole("link", { name: "Create an account" }).click();
  await signsUp(ben);
  await ben.page.getByText("waiting").waitFor();

  await alma.page.getByRole("link", { name: "Conversations" }).click();
  await alma.page.getByRole("link", { name: "1 person asks to join" }).click();
  await alma.page.getByRole("button", { name: "Let in: Ben Okafor" }).click();
  await alma.page.getByText("They are in.").waitFor();

  await ben.goes("/lite/");
  await ben.page.getByRole("link", { name: "Kitchen garden" }).click();
  await writes(ben, "Beans, then.\n  see https://example.org/beans");
  assert.equal(await ben.page.getByRole("link", { name: "https://example.org/beans" }).count(), 1);
  await ben.page.getByRole("link", { name: /^Edit your message/ }).click();
  await ben.page.getByLabel("Its text").fill("Peas, then.");
  await ben.page.getByRole("button", { name: "Save" }).click();
  await ben.page.getByText("Peas, then.").waitFor();

  await alma.goes("/lite/");
  await alma.page.getByText("1 new").waitFor();
  await alma.page.getByRole("link", { name: "Kitchen garden" }).click();
  await alma.page.getByRole("heading", { name: "New", exact: true }).waitFor();
  await alma.page.getByRole("link", { name: /^Reply to Ben Okafor/ }).click();
  await writes(alma, "And sticks for them.");
  assert.equal(await alma.page.locator("blockquote").filter({ hasText: "Peas, then." }).count(), 1);

  await alma.page.getByRole("button", { name: "Sign out" }).click();
  await alma.page.getByText("You have signed out.").waitFor();
  await alma.goes("/lite/c/1");
  await alma.page.getByRole("heading", { name: "Sign in" }).waitFor();
});

story("whoever looks for new messages finds those that were said meanwhile", async ({ person }) => {
  const alma = await person("alma", WITHOUT);
  const ben = await person("ben", WITHOUT);
  for (const one of [alma, ben]) {
    await one.goes("/lite/register");
    await signsUp(one);
    await one.page.getByRole("link", { name: "General" }).click();
  }
  for (const word of ["Is there tea?", "There is tea."]) {
    await writes(alma, word);
    await ben.page.getByRole("link", { name: "Look for new messages" }).click();
    await ben.page.getByText(word).waitFor();
  }
});

story("the plain pages can be read by everybody", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const findings = [];
  await alma.goes("/lite/login");
  await look(alma, "login", findings);
  await alma.goes("/lite/register");
  alma.complaints.allow(/422 .*\/lite\/register/);
  await alma.page.getByRole("button", { name: "Create the account" }).click();
  await alma.page.getByRole("alert").waitFor();
  await look(alma, "register-refused", findings);
  await signsUp(alma);
  const link = await makesRoom(alma, "Kitchen garden");
  await look(alma, "invite", findings);
  await alma.page.getByRole("link", { name: "To Kitchen garden" }).click();
  await writes(alma, `A word that is long: ${"Donaudampfschifffahrt".repeat(20)}`);
  await writes(alma, "https://example.org/ and @alma");
  await writes(alma, "never mind");
  await alma.page.getByRole("link", { name: /^Delete/ }).last().click();
  await look(alma, "delete", findings);
  await alma.page.getByRole("button", { name: "Delete the message" }).click();
  await alma.page.getByRole("link", { name: /^React/ }).first().click();
  await look(alma, "react", findings);
  await alma.page.getByRole("button", { name: "👍" }).click();

  const ben = await person("ben", { name: "Ben Okafor" });
  await ben.goes(`/lite${new URL(link).pathname}`);
  await look(ben, "join", findings);
  await ben.page.getByRole("link", { name: "Create an account" }).click();
  await signsUp(ben);
  await look(ben, "list-waiting", findings);
  await alma.page.getByRole("link", { name: "Reply" }).first().click();
  await look(alma, "conversation", findings);
  const room = new URL(alma.page.url()).pathname;
  for (const [name, path] of [
    ["list", "/lite/"],
    ["people", "/lite/people"],
    ["requests", `${room}/requests`],
    ["invites", `${room}/invites`],
    ["members", `${room}/members`],
    ["leave", `${room}/leave`],
    ["settings", "/lite/settings"],
    ["profile", "/lite/settings/profile"],
    ["password", "/lite/settings/password"],
  ]) {
    await alma.goes(path);
    await look(alma, name, findings);
  }
  alma.complaints.allow(/404 .*\/lite\/nothing/);
  await alma.goes("/lite/nothing");
  await look(alma, "error", findings);
  assert.deepEqual(findings, []);
});

async function signsUp({ page, username, name }) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Name (optional)").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create the account" }).click();
  await page.getByRole("heading", { name: "Conversations" }).waitFor();
}

async function makesRoom({ page }, name) {
  await page.getByRole("link", { name: "New room" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Make the room" }).click();
  return page.getByRole("definition").first().innerText();
}

async function writes({ page }, text) {
  await page.getByLabel("Write to").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(text.split("\n")[0]).last().waitFor();
}

/** Light and dark, wide and narrow: axe finds nothing serious, nothing sticks out at the side; pictures are kept. */
async function look({ page }, name, findings) {
  await mkdir(ARTIFACTS, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const found = [...(await axeFindings(page)), ...(await sidewaysFindings(page))];
      findings.push(...found.map((finding) => `${name}, ${colorScheme}, ${width}: ${finding}`));
      if (width !== 320) await page.screenshot({ path: `${ARTIFACTS}lite-${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
  }
}

// Signing in by an account of another service, in a browser: to the other site, and back with the right cookies.
import assert from "node:assert/strict";
import { after } from "node:test";
import { startFakeGithub } from "../lib/fake-github.mjs";
import { PASSWORD } from "../lib/person.mjs";
import { axeFindings } from "../lib/reading.mjs";
import { story } from "../lib/story.mjs";

const octocat = { id: 583231, login: "octocat", name: "The Octocat", email: "octocat@example.org" };
const github = await startFakeGithub(octocat);
after(() => github.close());

/** Their browser goes there and is asked. */
async function saysYes(somebody) {
  await somebody.page.getByRole("link", { name: "Yes" }).click();
}

function wentThere(somebody) {
  somebody.complaints.allow(new RegExp(`^a request to ${github.url}/authorize`));
}

story(
  "somebody new signs in with GitHub, writes, signs out and comes back as the same person",
  async ({ person }) => {
    const cat = await person("octocat", { name: "The Octocat" });
    const ann = await person("ann", { name: "Ann Weaver" });
    await ann.signsUp();
    wentThere(cat);
    await cat.goes("/login");
    await cat.page.getByRole("link", { name: "Sign in with GitHub" }).waitFor();
    assert.deepEqual(await axeFindings(cat.page), []);
    await cat.page.getByRole("link", { name: "Sign in with GitHub" }).click();
    await saysYes(cat);
    await cat.isIn("General");
    assert.equal(new URL(cat.page.url()).search, "", "the code does not stay in the address");
    await cat.says("Meow.");
    await ann.opens("General");
    await ann.sees("Meow.", "The Octocat");

    await cat.goes("/settings");
    await cat.page.getByText("You sign in with GitHub as octocat.").waitFor();
    await cat.page.getByRole("button", { name: "Sign out" }).click();
    await cat.isOutside();
    // Where one was going is where one arrives.
    await cat.goes("/settings");
    await cat.page.getByRole("link", { name: "Sign in with GitHub" }).click();
    await saysYes(cat);
    await cat.page.getByText("Your username is @octocat").waitFor();
  },
  github.settings,
);

story(
  "somebody with a password links GitHub, signs in with it, and lets go of it",
  async ({ person }) => {
    const ann = await person("ann", { name: "Ann Weaver" });
    const again = await person("again", { name: "Ann Weaver" });
    await ann.signsUp();
    wentThere(ann);
    wentThere(again);
    await ann.goes("/settings");
    const section = ann.page.getByRole("region", { name: "Other ways to sign in" });
    ann.complaints.allow(/401 .*\/api\/v1\/me\/identities\/github$/);
    await section.getByLabel("Current password").fill("something else");
    await section.getByRole("button", { name: "Link GitHub" }).click();
    await section.getByText("This is not your current password.").waitFor();
    await section.getByLabel("Current password").fill(PASSWORD);
    await section.getByRole("button", { name: "Link GitHub" }).click();
    await saysYes(ann);
    await section.getByText("You sign in with GitHub as octocat.").waitFor();
    assert.deepEqual(await axeFindings(ann.page), []);

    await again.goes("/login");
    await again.page.getByRole("link", { name: "Sign in with GitHub" }).click();
    await saysYes(again);
    await again.goes("/settings");
    await again.page.getByText("Your username is @ann").waitFor();

    await section.getByRole("button", { name: "Unlink GitHub" }).click();
    await ann.page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
    await section.getByRole("button", { name: "Link GitHub" }).waitFor();
  },
  github.settings,
);

story(
  "a sign-in that is brought to another browser is refused with a page that says why",
  async ({ person }) => {
    const cat = await person("octocat");
    const victim = await person("victim");
    wentThere(cat);
    await cat.goes("/login");
    await cat.page.getByRole("link", { name: "Sign in with GitHub" }).click();
    const back = await cat.page.getByRole("link", { name: "Yes" }).getAttribute("href");
    victim.complaints.allow(/the console: .* 400 .*\/chatpage/);
    await victim.goes(back);
    await victim.page.getByRole("heading", { name: "This sign-in is not good any more" }).waitFor();
    assert.deepEqual(await axeFindings(victim.page), []);
    await victim.page.getByRole("link", { name: "Sign in another way" }).click();
    await victim.isOutside();
  },
  github.settings,
);

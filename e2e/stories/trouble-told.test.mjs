// Trouble, told as it is: how long until the next attempt, what waits, when all is well again, and that there is a new
// version.
import { story } from "../lib/story.mjs";
import { untilEqual } from "../lib/until.mjs";

story("while the server is away the line counts, one can try now, and it says when everything is caught up", async ({ person, server }) => {
  const alma = await inside(person);
  const { page } = alma;
  const line = page.getByRole("main").locator(".connection");
  alma.complaints.allowOutage();
  await page.evaluate(() => {
    window.__said = [];
    const status = [...document.querySelectorAll("[role=status]")].find((it) => /^Online/.test(it.textContent));
    new MutationObserver(() => window.__said.push(status.textContent)).observe(status, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await server.kill();
  await alma.isCutOff();
  await alma.types("Written into the dark.");
  // The waits grow, up to one that leaves the time to press the button.
  await line.getByText(/^Reconnecting in ([4-9]|\d\d) s · 1 waiting to be sent$/).waitFor({ timeout: 60_000 });
  await server.start();
  await line.getByRole("button", { name: "Reconnect now" }).click();
  await line.getByText("Online · all caught up").waitFor();
  await line.waitFor({ state: "detached" });
  await alma.sees("Written into the dark.", "You");

  // Said once each, however often it was tried.
  const said = await page.evaluate(() => window.__said.filter((text, index, all) => text !== all[index - 1]));
  await untilEqual("the words", async () => said.map((text) => text.replace(/ · .*/, "")), [
    "Connection lost. Reconnecting",
    "Connection lost. Reconnecting",
    "Online",
  ]);
});

story("a page that cannot be drawn says so, leads to the plain ones, and is there again when it is loaded anew", async ({ person }) => {
  const alma = await person("alma");
  const { page } = alma;
  await alma.joinsQuietly();
  await alma.sendsQuietly((await alma.conversationNamed("General")).id, "Hello!");
  await page.addInitScript(() => {
    if (sessionStorage.getItem("mended")) return;
    const value = () => {
      throw new Error("broken on purpose");
    };
    Object.defineProperty(Intl.DateTimeFormat.prototype, "format", { value });
  });
  alma.complaints.allow(/broken on purpose/u);
  await alma.goes("/");
  await page.getByRole("heading", { name: "This page has stumbled" }).waitFor();
  await page.getByRole("link", { name: "Go on with the plain pages" }).click();
  await page.getByRole("link", { name: "General" }).click();
  await page.getByText("Hello!").waitFor();
  await alma.goes("/");
  await page.evaluate(() => sessionStorage.setItem("mended", "yes"));
  await page.getByRole("button", { name: "Reload" }).click();
  await alma.sees("Hello!", "You");
});

story("a new version of the server offers a reload that keeps what is half written", async ({ person, server }) => {
  const alma = await inside(person);
  const { page } = alma;
  alma.complaints.allowOutage();
  const offer = page.getByRole("status").filter({ hasText: "There is a new version of Parlor." });

  // The same version again is nothing to speak of.
  await server.kill();
  await alma.isCutOff();
  const looked = page.waitForResponse((response) => new URL(response.url()).pathname === "/");
  await server.start();
  await alma.isLive();
  await (await looked).finished();

  await page.route("/", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/src="\/assets\/first-[^"]+"/, 'src="/assets/first-newer.js"');
    await route.fulfill({ response, body });
  });
  await server.kill();
  await alma.isCutOff();
  await alma.composer().fill("I was about to say");
  await server.start();
  await offer.waitFor();
  await page.unroute("/");
  await offer.getByRole("button", { name: "Reload" }).click();
  await offer.waitFor({ state: "detached" });
  await alma.isIn("General");
  await untilEqual("the draft is there", () => alma.composer().inputValue(), "I was about to say");
});

story("a part of the page that cannot be loaded is told once, and comes when the page is loaded again", async ({
  person,
}) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const { page } = alma;
  alma.complaints.allowOutage();
  // From the beginning: a page with nothing to do fetches its parts before they are wanted.
  await page.route("**/assets/shortcuts-*", (route) => route.abort());
  await entersGeneral(alma);
  const told = page.getByRole("status").filter({ hasText: "That could not be loaded." });
  await page.keyboard.press("Control+/");
  await told.waitFor();
  await page.keyboard.press("Control+/");
  await page.unroute("**/assets/shortcuts-*");
  await told.getByRole("button", { name: "Reload" }).click();
  await alma.isIn("General");
  await alma.isLive();
  await page.keyboard.press("Control+/");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});

async function inside(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  await entersGeneral(alma);
  return alma;
}

async function entersGeneral(alma) {
  await alma.joinsQuietly();
  await alma.goes("/c/1");
  await alma.isIn("General");
  await alma.isLive();
}

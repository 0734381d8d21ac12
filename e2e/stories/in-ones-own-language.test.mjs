// The language of the client: as the browser asks for it, or as one chooses it, without losing what one was at.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("the page speaks the language that the browser asks for, and loads no other", async ({ person }) => {
  const gerd = await person("gerd", { locale: "de-AT" });
  const loaded = wordsLoadedBy(gerd.page);
  await gerd.goes("/login");
  await gerd.page.getByRole("heading", { level: 1 }).waitFor();
  assert.deepEqual(await languageOf(gerd.page), ["de", "ltr"]);
  assert.deepEqual(loaded(), ["de"]);
});

story("a language that is chosen holds at once, in every tab and after a reload, and no draft is lost", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Berg" });
  await alma.signsUp();
  await alma.opens("General");
  await alma.composer().fill("Half a sent");
  const { page } = alma;
  const other = await alma.anotherTab("/settings");
  const list = other.page.getByRole("combobox", { name: "Language" });
  await list.focus();
  await list.selectOption({ label: "العربية" });
  await speaks(other.page, "ar", "rtl");
  await speaks(page, "ar", "rtl");
  assert.equal(await page.getByRole("textbox").inputValue(), "Half a sent");
  assert.equal(await other.page.locator(":focus").inputValue(), "ar", "the list kept the focus");

  await page.reload();
  await speaks(page, "ar", "rtl");
  await untilEqual("the draft is there", () => page.getByRole("textbox").inputValue(), "Half a sent");
  await page.keyboard.press("Control+/");
  await page.getByRole("dialog").getByRole("button", { name: "إغلاق" }).click();

  await other.page.locator(":focus").selectOption("browser");
  await speaks(page, "en", "ltr");
  assert.equal(await alma.composer().inputValue(), "Half a sent");
});

story("where the words of a language do not come, the page says so and speaks as before", async ({ person }) => {
  const alma = await person("alma");
  await alma.signsUp();
  await alma.page.getByRole("link", { name: "Settings" }).click();
  alma.complaints.allow(/net::ERR_FAILED/);
  await alma.page.route(/\/assets\/hi-[^/]*\.js$/, (route) => route.abort());
  const list = alma.page.getByRole("combobox", { name: "Language" });
  await list.selectOption({ label: "हिन्दी" });
  await alma.page.getByText("The words of this language could not be loaded.").waitFor();
  await untilEqual("the list says what is", () => list.inputValue(), "browser");
  assert.deepEqual(await languageOf(alma.page), ["en", "ltr"]);
});

function languageOf(page) {
  return page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
}

async function speaks(page, lang, dir) {
  await until(`the page speaks ${lang}`, async () => {
    const found = await languageOf(page);
    return found[0] === lang && found[1] === dir;
  });
}

/** The languages whose words this page asks for from now on. */
function wordsLoadedBy(page) {
  const found = [];
  page.on("request", (request) => {
    const language = /\/assets\/([a-z]{2})-[^/]*\.js$/.exec(new URL(request.url()).pathname)?.[1];
    if (language) found.push(language);
  });
  return () => found;
}

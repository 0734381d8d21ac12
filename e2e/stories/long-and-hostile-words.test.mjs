// Words that would break a page made with less care: markup, endless words, other scripts, and a long history.
import assert from "node:assert/strict";
import { axeFindings, sidewaysFindings } from "../lib/reading.mjs";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

/** Each would call or set `__xss` if any part of the page took it for more than text. */
const HOSTILE = [
  "<script>window.__xss=1</script>",
  "<img src=x onerror=__xss()>",
  "<svg onload=__xss()>",
  '"><script>__xss()</script>',
  "javascript:__xss()",
  "[press](javascript:__xss())",
  '<a href="javascript:__xss()">press</a>',
  '<iframe srcdoc="<script>parent.__xss()</script>"></iframe>',
  "<math><mtext></table><img src=x onerror=__xss()>",
  "<style>@import 'javascript:__xss()'</style>",
  "{{constructor.constructor('__xss()')()}}",
  "${__xss()}",
  "<details open ontoggle=__xss()>",
  "<input autofocus onfocus=__xss()>",
  "'-__xss()-'",
  "<svg><script>__xss()</script></svg>",
  'https://example.org/"onmouseover="__xss()',
  "https://example.org/'><img/src=x/onerror=__xss()>",
  "<!--<img src='--><img src=x onerror=__xss()//'>",
  "data:text/html,<script>__xss()</script>",
  "@alma<img src=x onerror=__xss()>",
  "&lt;script&gt;__xss()&lt;/script&gt;",
  "\\u003cscript\\u003e__xss()\\u003c/script\\u003e",
  "![press](javascript:__xss())",
  "[press](JaVaScRiPt:__xss())",
  "[press](java\tscript:__xss())",
  "[press](&#106;avascript:__xss())",
  "[press](data:text/html,<script>__xss()</script>)",
  "[press](<javascript:__xss()>)",
  "<javascript:__xss()>",
  "[[press](javascript:__xss())](javascript:__xss())",
  "[press](//example.org/__xss())",
  "https://bank.example@example.org/__xss()",
];

/** What would have to be read for ever, were it read without bounds. Ten thousand characters each. */
const ENDLESS = ["*", "[", ">", "*a_", "![", "> - ", "`", "- a\n"].map((part) => part.repeat(10_000 / part.length));

/** When older messages join a run by the same person, the gap above the run closes. Less than half a line is no jump. */
const SHIFT_PX_MAX = 10;

const NAME = "<img src=x onerror=__xss()> & Co";
const ROOM = "<svg onload=__xss()> \"'><b>room";

story("markup in messages, names and rooms is shown as the text that it is", async ({ person }) => {
  const alma = await person("alma", { name: NAME });
  const ben = await person("ben", { name: "Ben <script>__xss()</script>" });
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  await alma.goes("/");
  await alma.isIn("General");
  const link = await alma.makesRoom(ROOM, HOSTILE[1]);
  await ben.goes(link);
  await ben.page.getByRole("heading", { name: ROOM, exact: true }).waitFor();
  await ben.page.getByText(HOSTILE[1], { exact: true }).waitFor();
  await ben.page.getByRole("button", { name: "Ask to join" }).click();
  await alma.page.getByRole("region", { name: "Requests to join" }).getByText(ben.name, { exact: true }).waitFor();
  await alma.letsIn(ben);
  await ben.isIn(ROOM);

  const room = (await alma.conversationNamed(ROOM)).id;
  for (const text of [...HOSTILE, `\`${HOSTILE[1]}\``, `\`\`\`\n${HOSTILE[0]}\n\`\`\``]) await alma.sendsQuietly(room, text);
  await ben.page.getByText(HOSTILE[0], { exact: true }).last().waitFor();
  await untilEqual("everything came", async () => (await ben.texts()).length, HOSTILE.length + 2);
  const shown = await ben.log().textContent();
  for (const text of HOSTILE) assert.ok(shown.includes(text), `is not shown as it was written: ${text}`);
  const schemes = await ben.page.getByRole("link").evaluateAll((links) => links.map((link) => link.protocol));
  assert.deepEqual([...new Set(schemes)].filter((scheme) => !/^https?:$/.test(scheme)), []);

  await alma.sendsQuietly(room, "Log in at [bank.example](https://evil.example/login).");
  await ben.page.getByRole("link", { name: "bank.example (evil.example)", exact: true }).waitFor();

  // Everywhere else that names are shown: who is there, the finder, a quote, a question, the title, after a reload.
  await ben.page.getByRole("complementary", { name: "Details" }).getByText(NAME, { exact: true }).waitFor();
  await ben.picks(HOSTILE[2], "Reply");
  await ben.says("Is that meant to do something?");
  await alma.message("Is that meant to do something?").getByRole("button", { name: /In reply to/ }).waitFor();
  await ben.startsChatWith(alma);
  await ben.says("And here?");
  assert.ok((await ben.page.title()).includes(NAME));
  await alma.row(ben.name).filter({ hasText: "1 unread" }).waitFor();
  await alma.page.reload();
  await alma.isIn(ROOM);
  await alma.page.getByRole("button", { name: `Actions for ${ben.name}` }).click();
  await alma.page.getByRole("menuitem", { name: "Remove from the room" }).click();
  await alma.page.getByRole("dialog", { name: `Remove ${ben.name}?` }).getByRole("button", { name: "Cancel" }).click();
});

story("endless words, long names and other scripts stay inside of the window", async ({ person }) => {
  const alma = await person("alma", { name: "A".repeat(64) });
  const ben = await person("ben", { name: "سلمى الحسن" });
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  const word = "w".repeat(5_000);
  const arabic = "مرحبا بكم في الحديقة، هل زرعنا الفول؟";
  const made = await alma.calls("POST", "/conversations", {
    kind: "room",
    name: "R".repeat(80),
    description: "d".repeat(500),
  });
  const room = made.conversation.id;
  await ben.calls("POST", `/invites/${made.invite.code}/join`);
  const asked = await alma.sendsQuietly(room, word);
  await alma.sendsQuietly(room, arabic);
  await alma.sendsQuietly(room, `https://example.org/${"path".repeat(300)}`);
  await alma.sendsQuietly(room, `\`\`\`\n${"code ".repeat(300)}\n\`\`\``);
  await alma.sendsQuietly(room, `\`${"inline".repeat(200)}\``, asked.id);
  await alma.sendsQuietly(room, "z\u0350\u0351\u0352\u0353".repeat(200));
  await alma.sendsQuietly(room, "\u202Eright to left, by force");
  await alma.sendsQuietly(room, "one\n".repeat(200));
  await alma.sendsQuietly(room, "the end");
  await alma.goes(`/c/${room}`);
  await alma.sees("the end");
  await alma.page.getByText(ben.name).first().waitFor();
  for (const width of [1440, 1024, 390, 320]) {
    await alma.page.setViewportSize({ width, height: 844 });
    assert.deepEqual(await sidewaysFindings(alma.page), [], `at ${width} px sticks out`);
  }
  await alma.goes(`/c/${room}/details`);
  await alma.page.getByRole("complementary", { name: "Details" }).getByText(ben.name).first().waitFor();
  assert.deepEqual(await sidewaysFindings(alma.page), [], "in the details sticks out");

  // What is written right to left begins at the right.
  const direction = await alma.page.getByText(arabic).first().evaluate((text) => getComputedStyle(text).unicodeBidi);
  assert.match(direction, /plaintext|isolate/);
});

story("what is written from right to left runs so, each part by itself; code never does", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  await alma.joinsQuietly();
  const general = (await alma.conversationNamed("General")).id;
  await alma.sendsQuietly(general, "Latin first\n\n- الفول\n- الجزر\n\n> نعم `npm ci` هنا\n\n```\nlet x;\n```");
  await alma.goes(`/c/${general}`);
  await alma.isIn("General");
  const message = alma.log().getByRole("article").last();
  const directionOf = (part) => part.evaluate((element) => getComputedStyle(element).direction);
  await message.getByRole("listitem").first().waitFor();
  assert.equal(await directionOf(message.getByRole("list")), "rtl");
  assert.equal(await directionOf(message.getByRole("blockquote")), "rtl");
  assert.equal(await directionOf(message.getByText("npm ci", { exact: true })), "ltr");
  assert.equal(await directionOf(message.getByText("let x;")), "ltr");

  // The box too; empty, it begins where the page does.
  assert.equal(await directionOf(alma.composer()), "ltr");
  await alma.composer().fill("مرحبا");
  assert.equal(await directionOf(alma.composer()), "rtl");
  await alma.composer().fill("");
  await alma.page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  assert.equal(await directionOf(alma.composer()), "rtl");
});

story("markup is shown as people mean it, and said without its signs", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  const general = (await alma.conversationNamed("General")).id;
  await alma.calls("POST", "/conversations", { kind: "room", name: "Garden plans" });
  await alma.goes(`/c/${general}`);
  await alma.isIn("General");

  // What I send looks the same before and after the server has it.
  await alma.types("**Bold**, _slanted_, ~~struck~~ and `code`");
  await alma.sees("Bold, slanted, struck and code", "You");
  const first = alma.message("Bold, slanted, struck and code");
  for (const [element, words] of [["strong", "Bold"], ["em", "slanted"], ["del", "struck"], ["code", "code"]])
    assert.equal(await first.locator(element).textContent(), words);

  await ben.sendsQuietly(general, "> was it?\nyes\n\n- milk\n- eggs\n\n3. third\n\n# A heading");
  const blocks = alma.message("was it? yes • milk • eggs 3. third A heading");
  assert.equal(await blocks.getByRole("blockquote").textContent(), "was it?");
  assert.deepEqual(await blocks.getByRole("listitem").allTextContents(), ["milk", "eggs", "third"]);
  assert.equal(await blocks.getByRole("listitem").last().getAttribute("value"), "3");
  assert.equal(await blocks.getByRole("heading").count(), 0);
  await ben.sendsQuietly(general, "one\ntwo\n\nthree");
  assert.equal(await alma.message("one two three").getByText("three").innerText(), "one\ntwo\n\nthree");

  // Links say where they lead and tell nobody where one came from.
  await ben.sendsQuietly(general, "see [the plan](https://example.org/plan), https://example.org/x.");
  const links = alma.message("see the plan, https://example.org/x.").getByRole("link");
  await links.first().waitFor();
  const shown = await links.evaluateAll((all) => all.map(({ href, target, rel }) => [href, target, rel]));
  const rel = "noopener noreferrer nofollow ugc";
  assert.deepEqual(shown, [["https://example.org/plan", "_blank", rel], ["https://example.org/x", "_blank", rel]]);

  // People and rooms. What names me stands out; a room is a link for those who are in it.
  await ben.sendsQuietly(general, "@alma and @ben in #garden plans, @nobody in #nowhere");
  const named = alma.message("@alma and @ben in #garden plans, @nobody in #nowhere");
  await named.waitFor();
  assert.deepEqual(await named.locator(".mention").allTextContents(), ["@alma", "@ben", "#garden plans"]);
  assert.equal(await named.locator(".me-too").textContent(), "@alma");
  await ben.goes(`/c/${general}`);
  await ben.message("@alma and @ben in #garden plans, @nobody in #nowhere").waitFor();
  assert.equal(await ben.message("@alma and @ben in #garden plans, @nobody in #nowhere").getByRole("link").count(), 0);
  await named.getByRole("link", { name: "#garden plans" }).click();
  await alma.isIn("Garden plans");
  await alma.page.goBack();
  await alma.isIn("General");

  // A few emoji are a gesture.
  await ben.sendsQuietly(general, "👍🏽 🎉");
  await ben.sendsQuietly(general, "👍🏽 it is");
  const size = (text) => alma.message(text).getByText("👍🏽").evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
  assert.ok((await size("👍🏽 🎉")) > 1.5 * (await size("👍🏽 it is")));

  // A quote of it, and what is edited, are in plain words too.
  await alma.picks("see the plan, https://example.org/x.", "Reply");
  await alma.says("Thanks");
  const quote = alma.message("Thanks").getByRole("button", { name: /In reply to/ });
  assert.match(await quote.textContent(), /see the plan, https/);
});

story("code stands in a box of its own, gets its colours later, and is copied by mouse or keyboard", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  await alma.joinsQuietly();
  const general = (await alma.conversationNamed("General")).id;
  const { page } = alma;
  const code = `fn main() {\n    // ${"a long line ".repeat(60)}\n    let word = "<b>";\n}`;
  // The colours are held back until we have seen the code without them.
  let release = null;
  await page.route(/highlighter/, async (route) => {
    await new Promise((resolve) => {
      release = resolve;
    });
    await route.continue();
  });
  await alma.sendsQuietly(general, "before");
  await alma.sendsQuietly(general, `Look:\n\`\`\`rust\n${code}\n\`\`\`\nWell?`);
  await alma.goes(`/c/${general}`);
  const box = page.getByRole("figure", { name: "Code, Rust" });
  await box.getByText("Rust", { exact: true }).waitFor();
  await until("the colours are asked for", async () => release);
  assert.equal(await box.locator("code").textContent(), code);
  assert.equal(await box.locator("code span").count(), 0);
  const plain = await box.boundingBox();
  release();
  await box.locator("code span").first().waitFor();
  assert.deepEqual(await box.boundingBox(), plain, "the colours moved something");
  assert.equal(await box.locator("code").textContent(), code);

  // A long line scrolls in its box, and widens nothing else.
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    assert.deepEqual(await sidewaysFindings(page), [], `at ${width} px sticks out`);
    const scrolls = await box.locator("pre").evaluate((it) => it.scrollWidth > it.clientWidth);
    assert.ok(scrolls, `at ${width} px the box does not scroll`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });

  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const said = () => page.locator("[data-live]").textContent();
  await box.getByRole("button", { name: "Copy code" }).click();
  await box.getByRole("button", { name: "Copied" }).waitFor();
  await untilEqual("the code is in the clipboard", copied, code);
  assert.match(await said(), /Copied/);

  // By keyboard: Tab leads from the message to what is inside of it.
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await box.getByRole("button", { name: "Copy code" }).waitFor();
  await alma.log().getByRole("article").last().focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "Copy code");
  await page.keyboard.press("Enter");
  await untilEqual("the code is in the clipboard again", copied, code);
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await until("the keys scroll the box", () => box.locator("pre").evaluate((it) => it.scrollLeft > 0));
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.unrouteAll();
    await page.reload();
    await box.locator("code span").first().waitFor();
    assert.deepEqual(await axeFindings(page), [], `in the ${colorScheme} theme`);
  }
});

story("ten thousand signs of markup stop nobody", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  await alma.joinsQuietly();
  const general = (await alma.conversationNamed("General")).id;
  for (const text of ENDLESS) await alma.sendsQuietly(general, text);
  await alma.sendsQuietly(general, "the end");
  await alma.goes(`/c/${general}`);
  await alma.sees("the end");
  await alma.says("and it goes on");
  assert.deepEqual(await sidewaysFindings(alma.page), []);
});

story("a history of three hundred messages is read upwards without a jump, and one key leads back down", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  await alma.joinsQuietly();
  const general = (await alma.conversationNamed("General")).id;
  const numbers = Array.from({ length: 300 }, (_, index) => `number ${index + 1}`);
  for (const text of numbers) await alma.sendsQuietly(general, text);

  // Every older page is held back until we have seen where things stand.
  const { page } = alma;
  let release = null;
  await page.route(/\/messages\?.*before=/, async (route) => {
    await new Promise((resolve) => {
      release = resolve;
    });
    await route.continue();
  });
  await alma.goes("/");
  await alma.sees("number 300");
  assert.ok((await alma.texts()).length < 200, "not everything is loaded at once");
  await alma.log().hover();
  for (let pages = 0; pages < 20; pages += 1) {
    const held = (await alma.texts()).length;
    if (held === 300) break;
    await until("an older page is asked for", async () => {
      if (!release) await page.mouse.wheel(0, -1_500);
      return release;
    });
    const anchor = await firstInView(alma);
    const before = await standingStill(anchor);
    release();
    release = null;
    await until("the older page came", async () => (await alma.texts()).length > held);
    const after = await standingStill(anchor);
    assert.ok(Math.abs(after - before) <= SHIFT_PX_MAX, `what was read moved by ${after - before} px`);
  }
  assert.deepEqual(await alma.texts(), numbers);
  await until("the beginning is in view", async () => {
    await page.mouse.wheel(0, -1_500);
    return (await alma.message("number 1").boundingBox()).y > 0;
  });

  // Something new neither pulls one down nor is it missed.
  const top = await standingStill(alma.message("number 1"));
  await alma.sendsQuietly(general, "number 301");
  await alma.message("number 301").waitFor({ state: "attached" });
  assert.ok(Math.abs((await standingStill(alma.message("number 1"))) - top) <= 1, "a new message moved what was read");
  await page.getByRole("button", { name: /go to the latest message/ }).click();
  await until("the end is in view", async () => isInView(page, alma.message("number 301")));
});

story("one comes back to the first of two hundred new messages, and reading to the end clears the count", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  const general = (await alma.conversationNamed("General")).id;
  for (let count = 1; count <= 60; count += 1) await ben.sendsQuietly(general, `read ${count}`);
  await alma.calls("PUT", `/conversations/${general}/read`, { seq: 60 });
  await alma.goes("/settings");
  await alma.isLive();
  for (let count = 1; count <= 200; count += 1) await ben.sendsQuietly(general, `new ${count}`);
  const { page } = alma;
  await alma.row("General").filter({ hasText: "200 unread" }).waitFor();
  await alma.row("General").click();
  // One begins there, or is led there by a button.
  const button = page.getByRole("button", { name: "200 new: go to the first" });
  await button.or(alma.message("new 1")).first().waitFor();
  if (await button.isVisible()) await button.click();
  await until("the first new one is in view", () => isInView(page, alma.message("new 1")));
  await alma.log().hover();
  await until("everything is read", async () => {
    await page.mouse.wheel(0, 2_500);
    return !(await page.title()).startsWith("(");
  });
  await alma.sees("new 200");
});

/** The first message whose upper edge is in the window, below the top of the page. */
async function firstInView(person) {
  const rows = person.log().getByRole("article");
  const index = await rows.evaluateAll((all) => all.findIndex((row) => row.getBoundingClientRect().top > 200));
  return person.message(((await person.texts())[index]));
}

/** Where it stands, once it stands still. */
async function standingStill(locator) {
  let before = null;
  return until("it stands still", async () => {
    const { y } = await locator.boundingBox();
    const isStill = y === before;
    before = y;
    return isStill ? y : false;
  });
}

async function isInView(page, locator) {
  const { y, height } = await locator.boundingBox();
  return y >= 0 && y + height <= page.viewportSize().height;
}

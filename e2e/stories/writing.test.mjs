// Writing: what the keys of the box do, how names complete themselves, emoji, marks, commands, and the warning of who is
// not there to read it. With the keyboard alone, but for the settings.
import assert from "node:assert/strict";
import { focused } from "../lib/focus.mjs";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("Enter sends or makes a line as one chooses, and in a block of code it makes a line", async ({ person }) => {
  const { alma, ben, page, press, type } = await withRoom(person);

  await type("```");
  await press("Enter");
  await type("let beans = 3;");
  await press("Enter");
  await page.getByText("In code Enter makes a line.").waitFor();
  await type("```");
  await hasText(alma, "```\nlet beans = 3;\n```");
  await press("Enter");
  await ben.log().locator("pre", { hasText: "let beans = 3;" }).waitFor();
  await type("```open");
  await press("Control+Enter");
  await ben.sees("```open", "Alma Reyes");

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("group", { name: "The Enter key" }).getByRole("radio", { name: "Makes a line" }).check();
  await page.reload();
  assert.ok(await page.getByRole("radio", { name: "Makes a line" }).isChecked());
  await alma.opens("Kitchen garden");
  await isAtBox(page);
  await type("One");
  await press("Enter");
  await type("two");
  await hasText(alma, "One\ntwo");
  await press("Control+Enter");
  await ben.sees("One two", "Alma Reyes");
});

story("Up changes my last message, Shift+Up replies to the last one, Escape leaves either", async ({ person }) => {
  const { alma, ben, page, press, type } = await withRoom(person);
  await type("I plant besns");
  await press("Enter");
  await alma.sees("I plant besns", "You");
  await ben.says("And I peas");
  await alma.sees("And I peas", "Ben Okafor");

  await press("ArrowUp");
  await hasText(alma, "I plant besns");
  await press("Escape");
  await hasText(alma, "");
  await press("ArrowUp", "Backspace", "Backspace", "Backspace");
  await type("ans :seedling:");
  await press("Enter");
  await ben.sees("I plant beans 🌱", "Alma Reyes");

  await press("Shift+ArrowUp");
  await page.getByRole("button", { name: "Reply: cancel" }).waitFor();
  await press("Escape");
  await page.getByRole("button", { name: "Reply: cancel" }).waitFor({ state: "detached" });
  await press("Shift+ArrowUp");
  await type("Why peas?");
  await press("Enter");
  await ben.message("Why peas?").getByRole("button", { name: /In reply to/ }).waitFor();
});

story("people, rooms and emoji complete themselves, and short names become emoji when they are sent", async ({ person }) => {
  const { alma, ben, page, press, type } = await withRoom(person);
  const option = (name) => page.getByRole("option", { name, selected: true });

  // People of the room come first, with who else there is behind them.
  await type("Hello @be");
  await option(/Ben Okafor/).waitFor();
  await page.getByRole("option", { name: /Bea Lund.*not in this room/ }).waitFor();
  await press("ArrowDown");
  await option(/Bea Lund/).waitFor();
  await press("ArrowUp", "Tab");
  await hasText(alma, "Hello @ben ");
  await type("@be");
  await option(/Ben Okafor/).waitFor();
  await press("Escape");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  await press("Backspace", "Backspace", "Backspace");

  await type("see #kit");
  await option(/Kitchen garden/).waitFor();
  await press("Enter");
  await hasText(alma, "Hello @ben see #Kitchen garden ");
  await type(":seedl");
  await option(/:seedling:/).waitFor();
  await press("Enter");
  await type(":tada: `:tada:` :p");
  await hasText(alma, "Hello @ben see #Kitchen garden 🌱 :tada: `:tada:` :p");
  await press("Enter");
  await ben.sees("Hello @ben see #Kitchen garden 🌱 🎉 :tada: :p", "Alma Reyes");

  // What was put in is taken back like what was typed.
  await type("@be");
  await option(/Ben Okafor/).waitFor();
  await press("Enter", "Control+z");
  await hasText(alma, "@be");
});

story("signs like :) become emoji when they are sent, not in code or links, and not for who does not want that", async ({ person }) => {
  const { alma, ben, page, press, type } = await withRoom(person);
  await type("Beans :) `:)` http://parlor.example/:) C:) <3");
  await press("Enter");
  await ben.sees("Beans 🙂 :) http://parlor.example/:) C:) ❤️", "Alma Reyes");
  await alma.sees("Beans 🙂 :) http://parlor.example/:) C:) ❤️", "You");
  await press("ArrowUp", "End");
  await type(" ;)");
  await press("Enter");
  await ben.sees("Beans 🙂 :) http://parlor.example/:) C:) ❤️ 😉", "Alma Reyes");

  await page.getByRole("link", { name: "Settings" }).click();
  const choice = page.getByRole("checkbox", { name: "Turn :) into emoji" });
  assert.ok(await choice.isChecked());
  await choice.uncheck();
  await page.reload();
  assert.ok(!(await choice.isChecked()));
  await alma.opens("Kitchen garden");
  await isAtBox(page);
  await type("As it is :) :tada:");
  await press("Enter");
  await ben.sees("As it is :) 🎉", "Alma Reyes");
});

story("Ctrl and the arrows bring back what was sent here, and what was half written at the end", async ({ person }) => {
  const { alma, page, press, type } = await withRoom(person);
  for (const text of ["one :)", "two"]) {
    await type(text);
    await press("Enter");
    await hasText(alma, "");
  }
  await type("half");
  await press("Control+ArrowUp");
  await hasText(alma, "two");
  await press("Control+ArrowUp", "Control+ArrowUp");
  await hasText(alma, "one :)");
  await press("Control+ArrowDown", "Control+ArrowDown", "Control+ArrowDown");
  await hasText(alma, "half");
  // What is brought back is taken back like what was typed.
  await press("Control+ArrowUp", "Control+z");
  await hasText(alma, "half");

  // Elsewhere there is something else to bring back.
  await alma.opens("General");
  await isAtBox(page);
  await press("Control+ArrowUp");
  await hasText(alma, "");
});

story("an emoji is found, picked and remembered by keys, for the text and for a reaction, also offline", async ({ person }) => {
  const { alma, ben, page, press, type } = await withRoom(person);
  const panel = page.getByRole("dialog", { name: "Emoji" });
  const search = panel.getByRole("textbox", { name: "Search emoji" });
  const cell = (name) => panel.getByRole("gridcell", { name, exact: true });

  await type("Thanks ");
  await press("Control+Shift+E");
  await search.waitFor();
  await until("the search has the focus", async () => (await focused(page))?.name === "Search emoji");
  await type("thumbs");
  await cell("thumbs up").waitFor();
  await press("ArrowDown", "ArrowRight");
  await until("the arrows lead to the second", async () => (await focused(page))?.name === "thumbs down");
  await press("ArrowLeft");
  // The darkest tone, kept from now on.
  await press("Tab");
  await until("Tab leads to the tones", async () => (await focused(page))?.name === "No skin tone");
  await press("ArrowLeft");
  assert.ok(await panel.getByRole("radio", { name: "Dark", exact: true }).isChecked());
  await press("Shift+Tab", "Enter");
  await panel.waitFor({ state: "detached" });
  await isAtBox(page);
  await hasText(alma, "Thanks 👍🏿");
  await press("Control+z");
  await hasText(alma, "Thanks ");
  await type(":+1:");
  await press("Enter");
  await ben.sees("Thanks 👍🏿", "Alma Reyes");

  // Without a network the panel is the same, and what was used last stands first.
  await alma.context.setOffline(true);
  await press("Control+Shift+E");
  await panel.getByRole("grid", { name: "Used last" }).getByRole("gridcell", { name: "thumbs up" }).waitFor();
  await press("Escape");
  await panel.waitFor({ state: "detached" });
  await isAtBox(page);
  await alma.context.setOffline(false);
  await alma.isLive();

  // A reaction that is none of the quick ones.
  await press("PageUp", "ArrowUp", "Enter");
  await page.getByRole("menu").waitFor();
  await press("End", "Home", ..."ArrowRight ".repeat(6).trim().split(" "));
  await until("the keys lead to the other emoji", async () => (await focused(page))?.name === "React with another emoji");
  await press("Enter");
  await search.waitFor();
  await until("the search has the focus", async () => (await focused(page))?.name === "Search emoji");
  await type("potato");
  await cell("potato").waitFor();
  await press("Enter");
  await ben.message("What shall we plant?").getByRole("button", { name: /^🥔.*Alma Reyes/ }).waitFor();
  await until("the focus is back at the message", async () => (await focused(page))?.role === "article");
});

story("keys mark what is selected, a pasted address makes a link, and Ctrl+Z takes each back", async ({ person }) => {
  const { alma, page, press, type } = await withRoom(person);
  await type("beans");
  await press("Control+a", "Control+b");
  await hasText(alma, "**beans**");
  await press("Control+i");
  await hasText(alma, "**_beans_**");
  await press("Control+z");
  await hasText(alma, "**beans**");
  await press("Control+z");
  await hasText(alma, "beans");
  await press("Control+a", "Control+Shift+X");
  await hasText(alma, "~~beans~~");
  await press("Control+Shift+X");
  await hasText(alma, "beans");
  await press("Control+Shift+C");
  await hasText(alma, "`beans`");
  await press("Control+Shift+C");
  await page.evaluate(() => navigator.clipboard.writeText("https://beans.example/how"));
  await press("Control+v");
  await hasText(alma, "[beans](https://beans.example/how)");
  await press("Control+z");
  await hasText(alma, "beans");
});

story("commands complete, are done, are refused with a reason, and an unknown one is not sent", async ({ person }) => {
  const { alma, ben, page, press, type } = await withRoom(person);
  const clear = () => press("Control+a", "Delete");

  await type("/");
  await page.getByRole("option", { name: /\/me text Says what you do/ }).waitFor();
  await type("sh");
  await page.getByRole("option", { name: /\/shrug/, selected: true }).waitFor();
  await press("Tab");
  await type("who knows");
  await press("Enter");
  await ben.log().getByText("who knows ¯\\_(ツ)_/¯", { exact: true }).waitFor();
  await type("/me waves");
  await press("Enter");
  await ben.log().getByRole("article", { name: /: waves$/ }).locator("em", { hasText: "waves" }).waitFor();

  const before = (await alma.texts()).length;
  await type("/giphy beans");
  await press("Enter");
  await page.getByText("There is no command /giphy.").waitFor();
  await hasText(alma, "/giphy beans");
  assert.equal((await alma.texts()).length, before);
  await press("Home");
  await type("/");
  await press("Enter");
  await ben.sees("/giphy beans", "Alma Reyes");

  await type("/topic Beans and nothing else");
  await press("Enter");
  await page.getByText("Only the owner and the moderators of this room set its topic.").waitFor();
  await clear();
  await ben.types("/topic Beans and nothing else");
  await page.getByRole("main").getByText("Beans and nothing else", { exact: true }).first().waitFor();
  await ben.types("/invite");
  await ben.page.getByText("The invite link is copied.").waitFor();
  assert.match(await ben.page.evaluate(() => navigator.clipboard.readText()), /\/join\//);

  await type("/help");
  await press("Enter");
  const help = page.getByRole("dialog", { name: "Commands" });
  await help.getByText("/shrug [text]").waitFor();
  await press("Escape");
  await help.waitFor({ state: "detached" });
  await isAtBox(page);
  await hasText(alma, "");

  await type("/leave");
  await press("Enter");
  await page.getByRole("dialog", { name: "Leave Kitchen garden?" }).getByRole("button", { name: "Leave" }).press("Enter");
  await alma.isIn("General");
});

story("a mention of somebody who is not in the room warns, and whoever may invite can copy a link", async ({ person }) => {
  const { alma, ben, page, type } = await withRoom(person);
  const warning = "Bea Lund is not in this room and will not see this.";
  await type("What does @bea think? And @ben, and @nobody?");
  await page.getByText(warning).waitFor();
  assert.equal(await page.getByRole("button", { name: "Copy an invite link" }).count(), 0);
  await ben.composer().fill("@bea?");
  await ben.page.getByText(warning).waitFor();
  await ben.page.getByRole("button", { name: "Copy an invite link" }).press("Enter");
  await ben.page.getByText("The invite link is copied.").waitFor();
  await ben.composer().fill("@alma?");
  await ben.page.getByText(warning).waitFor({ state: "detached" });
  await alma.composer().fill("");
});

story("typing changes nothing in the log", async ({ person }) => {
  const { alma, ben, room, page, type } = await withRoom(person);
  for (let count = 0; count < 30; count += 1) await ben.sendsQuietly(room, `Row ${count}`);
  await alma.sees("Row 29");
  await page.evaluate(() => {
    window.changes = 0;
    const watch = new MutationObserver((records) => (window.changes += records.length));
    const options = { subtree: true, childList: true, attributes: true, characterData: true };
    watch.observe(document.querySelector("[role=log]"), options);
  });
  await type("A long text with @be and :smi and #kit, and what else one types **here**.");
  await untilEqual("the text is there", async () => (await alma.composer().inputValue()).endsWith("here**."), true);
  assert.equal(await page.evaluate(() => window.changes), 0);
});

/** A room of Ben's with Alma in it, who is at the box; Bea has an account and is not there. */
async function withRoom(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  const bea = await person("bea", { name: "Bea Lund" });
  const { id } = await alma.joinsQuietly();
  await ben.joinsQuietly();
  await bea.joinsQuietly();
  const made = await ben.calls("POST", "/conversations", { kind: "room", name: "Kitchen garden" });
  const room = made.conversation.id;
  await alma.calls("POST", `/invites/${made.invite.code}/join`);
  await ben.calls("POST", `/conversations/${room}/members/${id}/approve`);
  await ben.sendsQuietly(room, "What shall we plant?");
  for (const one of [ben, alma]) {
    await one.goes(`/c/${room}`);
    await one.isIn("Kitchen garden");
    await one.isLive();
  }
  const { page } = alma;
  await isAtBox(page);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  return { alma, ben, room, page, press, type: (text) => page.keyboard.type(text) };
}

async function isAtBox(page) {
  await until("the box has the focus", () => page.evaluate(() => document.activeElement?.matches(".composer textarea")));
}

async function hasText(person, text) {
  await untilEqual("the box has its text", () => person.page.locator(".composer textarea").inputValue(), text);
}

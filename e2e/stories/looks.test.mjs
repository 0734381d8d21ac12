// How the page looks is chosen in the settings, shows at once and stays on the device.
import assert from "node:assert/strict";
import { axeFindings, isPainted, sidewaysFindings } from "../lib/reading.mjs";
import { story } from "../lib/story.mjs";
import { until, untilEqual } from "../lib/until.mjs";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

story("theme, messages, density and size of text change at once, in every window, and are there before the first picture", async ({ person }) => {
  const { alma, room } = await house(person);
  const { page } = alma;
  const chooses = async (group, name) => page.getByRole("group", { name: group }).getByRole("radio", { name, exact: true }).check();
  await alma.goes("/settings");
  await page.getByRole("group", { name: "Contrast" }).waitFor();
  const second = await alma.anotherTab(`/c/${room}`);
  await second.isIn("Shed");
  const mine = second.message("Mine.");
  await mine.waitFor();
  const leftOf = () => mine.locator(".bubble").evaluate((it) => it.getBoundingClientRect().left);
  const heightOf = () => mine.evaluate((it) => it.getBoundingClientRect().height);
  const right = await leftOf();
  await chooses("Messages", "Plain, all left");
  await until("my message is at the left", async () => (await leftOf()) < right - 100);
  // Everybody has a face and a name then, I too.
  await mine.getByText("Alma Reyes").waitFor();
  await chooses("Text size", "Large");
  await untilEqual("letters are larger", () => second.page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "19.2px");
  const high = await heightOf();
  await chooses("Text size", "Small");
  await until("letters are smaller", async () => (await heightOf()) < high);
  await chooses("Density", "Compact");
  await chooses("Contrast", "High");
  const ink = () => second.page.evaluate(() => getComputedStyle(document.body).color);
  await untilEqual("the ink is black", ink, "rgb(0, 0, 0)");
  await chooses("Theme", "Dark");
  await untilEqual("the ink is white", ink, "rgb(255, 255, 255)");

  // Before anything else of the page has run.
  await second.page.route(/\/assets\/first-.*\.js$/, (route) => route.abort());
  alma.complaints.allowOutage();
  await second.page.goto(`/c/${room}`, { waitUntil: "domcontentloaded" });
  const set = await second.page.evaluate(() => ({ ...document.documentElement.dataset }));
  assert.deepEqual(set, { theme: "dark", contrast: "more", density: "compact", messages: "flat", text: "small" });
  await second.page.unroute(/\/assets\/first-.*\.js$/);

  const usual = { Theme: "As the system", Contrast: "As the system", Messages: "Bubbles, mine right", Density: "Comfortable", "Text size": "Normal" };
  for (const [group, name] of Object.entries(usual)) await chooses(group, name);
  const kept = await page.evaluate(() => [Object.keys(document.documentElement.dataset), Object.keys(localStorage)]);
  assert.deepEqual(kept[0], []);
  assert.ok(!kept[1].some((key) => /theme|contrast|density|messages|text/.test(key)), kept[1].join());
});

story("high contrast, plain and compact can be read by everybody, light and dark, wide and narrow", async ({ person }) => {
  const { alma, room } = await house(person);
  const { page } = alma;
  const findings = [];
  const looks = [
    { contrast: "more" },
    { contrast: "more", messages: "flat", density: "compact", text: "large" },
    { messages: "flat", density: "compact", text: "small" },
  ];
  for (const look of looks) {
    await alma.goes("/settings");
    await page.evaluate((chosen) => {
      for (const name of ["contrast", "density", "messages", "text"]) {
        if (chosen[name]) localStorage.setItem(`parlor.${name}`, chosen[name]);
        else localStorage.removeItem(`parlor.${name}`);
      }
    }, look);
    for (const path of ["/settings", `/c/${room}`]) {
      await alma.goes(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      if (path !== "/settings") await alma.message("Mine.").waitFor();
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          await isPainted(page);
          const where = `${JSON.stringify(look)} ${path} ${size.width} ${colorScheme}`;
          findings.push(...(await axeFindings(page)).map((line) => `${where}: ${line}`));
        }
        findings.push(...(await sidewaysFindings(page)).map((line) => `${JSON.stringify(look)} ${path} ${size.width}: ${line}`));
      }
    }
  }
  assert.deepEqual(findings, []);
});

/** Alma in a room with messages of every kind. */
async function house(person) {
  const [alma, ben] = await Promise.all([person("alma", { name: "Alma Reyes" }), person("ben", { name: "Ben Okafor" })]);
  for (const somebody of [alma, ben]) await somebody.joinsQuietly();
  const made = await alma.calls("POST", "/conversations", { kind: "room", name: "Shed" });
  const room = made.conversation.id;
  await ben.calls("POST", `/invites/${made.invite.code}/join`);
  await alma.calls("POST", `/conversations/${room}/members/${ben.id}/approve`);
  const first = await ben.sendsQuietly(room, "Look at https://example.org, `here` and @alma:\n```js\nconst a = 1;\n```");
  const mine = await alma.sendsQuietly(room, "Mine!", first.id);
  await alma.calls("PATCH", `/messages/${mine.id}`, { body: "Mine." });
  await ben.calls("PUT", `/messages/${mine.id}/reactions/${encodeURIComponent("👍")}`);
  const gone = await alma.sendsQuietly(room, "Never mind.");
  await alma.calls("DELETE", `/messages/${gone.id}`);
  await ben.sendsQuietly(room, "A".repeat(200));
  await ben.sendsQuietly(room, "مرحبا، هل وصلت البذور؟");
  return { alma, ben, room };
}

// The page is opened where there is no network: what one read last is there, and what one writes is sent later.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { openDoor } from "../lib/two-builds.mjs";
import { until, untilEqual } from "../lib/until.mjs";

story("a page opened while the server is dead shows the list and the last messages, and sends what is written later", async ({ server, person }) => {
  const [alma, ben] = await inGeneral(person);
  const general = (await alma.conversationNamed("General")).id;
  await ben.says("before the night");
  await alma.sees("before the night", ben.name);
  await alma.makesRoom("Night watch");
  await alma.opens("General");
  await isKept(alma, "before the night");
  await isKept(alma, "Night watch");

  for (const somebody of [alma, ben]) somebody.complaints.allowOutage();
  await server.kill();
  await alma.page.reload();
  await alma.sees("before the night", ben.name);
  await alma.row("Night watch").waitFor();
  await alma.isCutOff();
  const line = alma.page.getByRole("main").locator(".connection");
  await line.getByText(/^What is here is from \d\d:\d\d\.$/).waitFor();
  await alma.types("written in the dark");
  await alma.message("written in the dark").getByText("waiting for the connection").waitFor();

  // It is no more lost by a second night than by the first, and any address of the client will do.
  await alma.goes("/");
  await alma.row("General").click();
  await alma.message("written in the dark").waitFor();

  await server.start();
  await alma.isLive();
  await alma.sees("written in the dark", "You");
  await ben.sees("written in the dark", alma.name);
  await untilEqual("the server has it once", () => alma.stored(general), ["before the night", "written in the dark"]);
  await line.waitFor({ state: "detached" });
});

story("what others wrote meanwhile is there with the connection, below a line, and what they took back is gone", async ({ person }) => {
  const [alma, ben] = await inGeneral(person);
  const general = (await alma.conversationNamed("General")).id;
  await alma.makesRoom("Night watch");
  const room = (await alma.conversationNamed("Night watch")).id;
  await alma.opens("General");
  await ben.says("one");
  await ben.says("regretted");
  await alma.sees("regretted", ben.name);
  await isKept(alma, "regretted");

  alma.complaints.allowOutage();
  await alma.context.setOffline(true);
  await alma.page.reload();
  await alma.sees("regretted", ben.name);
  await alma.hasStatus(/^Offline/);
  await alma.opens("Night watch");
  await alma.types("written in a tunnel");
  await alma.opens("General");
  await ben.picks("regretted", "Delete");
  await ben.doesNotSee("regretted");
  for (let count = 1; count <= 40; count += 1) await ben.sendsQuietly(general, `meanwhile ${count}`);

  await alma.context.setOffline(false);
  await alma.isLive();
  await alma.sees("meanwhile 40", ben.name);
  await alma.doesNotSee("regretted");
  // One begins where one stopped reading.
  const first = alma.message("meanwhile 1");
  await until("the first message of the others is in view", () => isInView(first));
  await untilEqual("what waited is sent once", () => alma.stored(room), ["written in a tunnel"]);
  await untilEqual("nothing of it is kept", async () => (await kept(alma)).includes("regretted"), false);
});

story("a conversation that is not kept says so, and comes with the connection", async ({ person }) => {
  const [alma, ben] = await inGeneral(person);
  const room = await ben.calls("POST", "/conversations", { kind: "direct", account_id: (await alma.calls("GET", "/me")).id });
  await ben.sendsQuietly(room.conversation.id, "never looked at");
  await alma.row(ben.name).waitFor();
  await isKept(alma, "never looked at");

  alma.complaints.allowOutage();
  await alma.context.setOffline(true);
  await alma.goes(`/c/${room.conversation.id}`);
  await alma.page.getByText("This conversation will load when the connection is back.").waitFor();
  await alma.context.setOffline(false);
  await alma.sees("never looked at", ben.name);
});

story("who signs out leaves no message behind, and neither does who is signed out", async ({ person, server }) => {
  const [alma, ben] = await inGeneral(person);
  for (const somebody of [alma, ben]) {
    await somebody.says(`by ${somebody.username}`);
    await isKept(somebody, `by ${somebody.username}`);
  }
  await alma.goes("/settings");
  await alma.page.getByRole("button", { name: "Sign out" }).first().click();
  await alma.isOutside();
  assert.equal(await kept(alma), "[]");

  await ben.calls("DELETE", "/sessions/current");
  await ben.isOutside();
  await untilEqual("nothing is kept", () => kept(ben), "[]");

  // The page itself opens, and says what is the matter.
  for (const somebody of [alma, ben]) somebody.complaints.allowOutage();
  await server.kill();
  await alma.page.reload();
  await alma.page.getByRole("heading", { name: "Parlor cannot be reached" }).waitFor();
  await server.start();
  await alma.page.getByRole("button", { name: "Try again" }).click();
  await alma.isOutside();
});

story("a session that ended meanwhile shows nothing for long: the server's word counts", async ({ person }) => {
  const [alma] = await inGeneral(person);
  await alma.says("mine");
  await isKept(alma, "mine");
  await alma.goes("about:blank");
  await alma.calls("DELETE", "/sessions/current");
  alma.complaints.allow(/WebSocket connection to .* failed/);
  await alma.goes("/");
  await alma.isOutside();
  await untilEqual("nothing is kept", () => kept(alma), "[]");
});

story("another build of the client shows after the offered reload, and from then on without a network", async ({ person, server }) => {
  const door = await openDoor(server);
  try {
    const alma = await person("alma", { name: "Alma Reyes", baseURL: door.url, serviceWorkers: "allow" });
    const { page } = alma;
    alma.complaints.allow(new RegExp(`^a request to ${door.url}/`));
    alma.complaints.allowOutage();
    // Parts of the page before that a newer build no longer has.
    alma.complaints.allow(/status of 404 .*\/assets\//);
    await alma.signsUp();
    await alma.isIn("General");
    await alma.says("said before");
    await isKept(alma, "said before");
    const [before] = await caches(alma);
    await alma.composer().fill("half written");

    door.isNewer = true;
    await server.kill();
    await alma.isCutOff();
    await server.start();
    const offer = page.getByRole("status").filter({ hasText: "There is a new version of Parlor." });
    await offer.getByRole("button", { name: "Reload" }).click();
    await until("the other build runs", () => page.evaluate(() => window.build === "newer"));
    await untilEqual("the draft is there", () => alma.composer().inputValue(), "half written");
    await alma.isLive();
    await until("the other build is kept, and it alone", async () => {
      const [name, ...others] = await caches(alma);
      return name !== before && others.length === 0;
    });
    assert.equal(await offer.count(), 0);

    // A slow server is not waited for, and a dead one neither.
    door.pageDelayMs = 60_000;
    await page.reload({ waitUntil: "commit" });
    await alma.sees("said before", "You");
    await server.kill();
    await page.reload();
    await alma.sees("said before", "You");
    assert.equal(await page.evaluate(() => window.build), "newer");
  } finally {
    door.close();
  }
});

async function inGeneral(person) {
  const alma = await person("alma", { name: "Alma Reyes", serviceWorkers: "allow" });
  const ben = await person("ben", { name: "Ben Okafor", serviceWorkers: "allow" });
  for (const somebody of [alma, ben]) {
    await somebody.joinsQuietly();
    await somebody.goes("/");
    await somebody.isIn("General");
    await somebody.isLive();
  }
  return [alma, ben];
}

/** The page can be opened without a network, and this text is among what it will show. */
async function isKept(somebody, text) {
  await until("the service worker is at work", () => somebody.page.evaluate(() => navigator.serviceWorker.controller !== null));
  await until(`“${text}” is kept`, async () => (await kept(somebody)).includes(text));
}

/** Everything that the page's database holds, as text. */
function kept(somebody) {
  return somebody.page.evaluate(
    () =>
      new Promise((done, failed) => {
        const opening = indexedDB.open("parlor");
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction("copy").objectStore("copy").getAll();
          all.onerror = () => failed(all.error);
          all.onsuccess = () => {
            opening.result.close();
            done(JSON.stringify(all.result));
          };
        };
      }),
  );
}

function caches(somebody) {
  return somebody.page.evaluate(() => window.caches.keys());
}

async function isInView(message) {
  return message.evaluate((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  });
}

// A train in a tunnel: the browser has no network, and then it has one again.
import { story } from "../lib/story.mjs";
import { untilEqual } from "../lib/until.mjs";

story("what is typed offline waits in sight, and is sent once and in order when the network is back", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  for (const somebody of [alma, ben]) {
    await somebody.joinsQuietly();
    await somebody.goes("/");
    await somebody.isIn("General");
    await somebody.isLive();
  }
  const general = (await alma.conversationNamed("General")).id;
  await alma.says("before the tunnel");
  await ben.sees("before the tunnel", alma.name);

  alma.complaints.allowOutage();
  await alma.context.setOffline(true);
  await alma.hasStatus(/^Offline/);
  await alma.types("in the tunnel, one");
  await alma.types("in the tunnel, two");
  await alma.message("in the tunnel, two").getByText("waiting for the connection").waitFor();
  await alma.hasStatus(/2 waiting/);
  await ben.says("meanwhile outside");

  await alma.context.setOffline(false);
  await alma.isLive();
  await alma.sees("in the tunnel, two", "You");
  const texts = ["before the tunnel", "meanwhile outside", "in the tunnel, one", "in the tunnel, two"];
  await untilEqual("the server has each once", () => ben.stored(general), texts);
  for (const somebody of [alma, ben]) await untilEqual(`${somebody.name} sees each once`, () => somebody.texts(), texts);
});

story("a half-written message is still there after a reload, and the list says so", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  await alma.goes("/");
  await alma.isIn("General");
  await alma.composer().fill("I was about to say");
  await alma.startsChatWith(ben);
  await alma.row("General").filter({ hasText: "draft" }).waitFor();
  await alma.page.reload();
  await alma.opens("General");
  await untilEqual("the draft is back", () => alma.composer().inputValue(), "I was about to say");
});

story("what is half written in one window is so in the other, and what one sends is gone from both boxes", async ({ person }) => {
  const alma = await person("alma", { name: "Alma Reyes" });
  await alma.joinsQuietly();
  await alma.goes("/c/1");
  await alma.isIn("General");
  const second = await alma.anotherTab("/c/1");
  await second.isIn("General");
  await alma.composer().fill("begun here");
  await untilEqual("it is there", () => second.composer().inputValue(), "begun here");
  await second.composer().fill("begun here, ended there");
  await untilEqual("it went on here", () => alma.composer().inputValue(), "begun here, ended there");
  await second.composer().press("Enter");
  await untilEqual("nothing is left", () => alma.composer().inputValue(), "");
  await alma.sees("begun here, ended there", "You");
});

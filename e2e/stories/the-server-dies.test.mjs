// The server is killed the hard way, in the middle of a conversation, and comes back in the same place.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { untilEqual } from "../lib/until.mjs";

story("what was acknowledged outlives a killed server, and what was typed meanwhile is sent once and in order", async ({ server, person }) => {
  const [alma, ben] = await inGeneral(person);
  const general = (await alma.conversationNamed("General")).id;
  await alma.says("one");
  await ben.says("two");
  await alma.sees("two", ben.name);

  // The next ones are on their way in whatever state the end finds them.
  for (const text of ["three", "four", "five"]) await alma.types(text);
  for (const somebody of [alma, ben]) somebody.complaints.allowOutage();
  await server.kill();
  // What somebody else sees was stored, and so acknowledged.
  const acknowledged = await ben.texts();
  for (const somebody of [alma, ben]) await somebody.isCutOff();
  for (const text of ["six", "seven", "eight"]) await alma.types(text);
  await ben.types("nine");
  await alma.message("eight").waitFor();
  await ben.message("nine").waitFor();

  await server.start();
  await Promise.all([alma.isLive(), ben.isLive()]);
  await Promise.all([alma.hasSentEverything(), ben.hasSentEverything()]);
  const stored = await alma.stored(general);
  const byAlma = ["one", "three", "four", "five", "six", "seven", "eight"];
  assert.deepEqual(stored.filter((text) => byAlma.includes(text)), byAlma);
  assert.deepEqual([...stored].sort(), [...byAlma, "two", "nine"].sort());
  assert.deepEqual(stored.slice(0, acknowledged.length), acknowledged);
  for (const somebody of [alma, ben]) {
    await untilEqual(`${somebody.name} sees what is stored`, () => somebody.texts(), stored);
  }

  // And the house lives on.
  await ben.says("Everybody still here?");
  await alma.sees("Everybody still here?", ben.name);
});

story("what was typed while the server was dead is sent once, also by a page that was loaded again", async ({ server, person }) => {
  const [alma, ben] = await inGeneral(person);
  const general = (await alma.conversationNamed("General")).id;
  await alma.says("before");
  for (const somebody of [alma, ben]) somebody.complaints.allowOutage();
  await server.kill();
  await alma.isCutOff();
  for (const text of ["first", "second", "third"]) await alma.types(text);
  await alma.message("third").waitFor();

  // The page is gone before there is anybody to send to.
  await alma.goes("about:blank");
  await server.start();
  await alma.goes(`/c/${general}`);
  await alma.sees("third", "You");
  await untilEqual("the server has each once", () => alma.stored(general), ["before", "first", "second", "third"]);
  await untilEqual("the other side sees each once", () => ben.texts(), ["before", "first", "second", "third"]);

  // A second look changes nothing: the outbox is empty.
  await alma.page.reload();
  await alma.sees("third", "You");
  await alma.isLive();
  await alma.says("after");
  assert.deepEqual(await alma.stored(general), ["before", "first", "second", "third", "after"]);
});

async function inGeneral(person) {
  const alma = await person("alma", { name: "Alma Reyes" });
  const ben = await person("ben", { name: "Ben Okafor" });
  for (const somebody of [alma, ben]) {
    await somebody.joinsQuietly();
    await somebody.goes("/");
    await somebody.isIn("General");
    await somebody.isLive();
  }
  return [alma, ben];
}

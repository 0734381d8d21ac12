// Five people with clients of five other chat systems and one in the web client, in one conversation.
import assert from "node:assert/strict";
import {
  ChatAppClient,
  ChatroomClient,
  ChatsClient,
  ChatterBoxClient,
  FlaskChatClient,
} from "../lib/guests-of-other-houses.mjs";
import { story } from "../lib/story.mjs";

story("five people from five other houses and one from this talk in General", async ({ server, person }) => {
  const guests = [];
  try {
    await talk(server, person, guests);
  } finally {
    guests.forEach((guest) => guest.leaves());
  }
});

async function talk(server, person, guests) {
  const alma = await person("alma", { name: "Alma" });
  await alma.signsUp();
  await alma.isIn("General");
  const arrives = async (App, ...details) => {
    const guest = await App.arrives(server, ...details);
    guests.push(guest);
    return guest;
  };
  const ravi = await arrives(ChatsClient, "ravi");
  const mina = await arrives(ChatterBoxClient, "mina");
  const ilya = await arrives(ChatAppClient, "ilya");
  const sita = await arrives(ChatroomClient, "sita", 9800000001);
  const noor = await arrives(FlaskChatClient, "noor");

  // What each says, all others see.
  await alma.says("Good evening, houses: all of you.");
  for (const guest of guests) await guest.hears("Good evening, houses: all of you.");
  for (const guest of guests) {
    guest.says(`Greetings from ${guest.name}`);
    await alma.sees(`Greetings from ${guest.name}`);
    for (const other of guests) await other.hears(`Greetings from ${guest.name}`);
  }
  await alma.message("Greetings from mina").getByText("via Chatter-Box").waitFor();

  // A broken frame is its sender's own trouble.
  for (const guest of [ravi, mina, ilya, sita]) guest.line.say("{ this is : no frame");
  noor.socket.emit("message", 7);
  noor.socket.emit("private_message", null);
  for (const guest of guests) {
    guest.says(`Still here: ${guest.name}`);
    for (const other of guests) await other.hears(`Still here: ${guest.name}`);
  }

  // An edit and a deletion reach every app that can show them.
  await alma.picks("Good evening, houses: all of you.", "Edit");
  await alma.types("Good evening, all houses.");
  for (const guest of [ravi, mina, ilya, noor]) await guest.hearsEdit("Good evening, all houses.");
  ilya.edits("Greetings from ilya", "Regards from ilya");
  await alma.sees("Regards from ilya");
  for (const guest of [ravi, mina, noor]) await guest.hearsEdit("Regards from ilya");
  await alma.deletes("Good evening, all houses.");
  for (const guest of [ravi, mina, ilya, noor]) await guest.hearsDeletion();

  // Whoever comes later finds it all, in every history.
  for (const guest of [ravi, mina]) {
    const said = await guest.history();
    assert.ok(said.includes("Regards from ilya") && said.includes("Greetings from noor"), said.join("\n"));
    assert.ok(!said.includes("Good evening, all houses."), "what was deleted is gone");
  }
  const omar = await arrives(FlaskChatClient, "omar");
  await omar.was("the history", ({ event }) => event === "history");
  assert.ok((await omar.history()).some((line) => line.includes("Greetings from sita")));
  await alma.page.reload();
  await alma.sees("Regards from ilya");
}

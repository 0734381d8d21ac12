// The pages of other chat apps: where they lead at Parlor's address, and what they can do from an address of their own.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after } from "node:test";
import { PASSWORD } from "../lib/person.mjs";
import { story } from "../lib/story.mjs";

/** An empty page at an origin that is not Parlor's, as the development server of an app has it. */
const elsewhere = createServer((_, answer) => {
  answer.setHeader("content-type", "text/html");
  answer.end("<!doctype html><link rel=icon href=data:,><title>elsewhere</title>");
});
await once(elsewhere.listen(0, "localhost"), "listening");
after(() => elsewhere.close());
const ORIGIN = `http://localhost:${elsewhere.address().port}`;

story("the addresses of a chatroom's pages lead to the same places here", async ({ person }) => {
  const sita = await person("sita");
  await sita.goes("/chat");
  await sita.isOutside();
  await sita.goes("/login/");
  await sita.isOutside();
  assert.equal(await sita.page.title(), "Sign in · Parlor");
  await sita.goes("/register/");
  await sita.page.waitForFunction(() => document.title === "Create an account · Parlor");
  await sita.fillsAccount();
  await sita.page.getByRole("button", { name: "Create account" }).click();
  await sita.isIn("General");
  for (const path of ["/chat", "/chat/", "/login/", "/register/"]) {
    await sita.goes(path);
    await sita.isIn("General");
  }
});

story("a page that signs in as the chatroom does chats with those in Parlor", async ({ person }) => {
  const [alma, sita] = [await person("alma"), await person("sita")];
  await alma.signsUp();
  await alma.isIn("General");
  await sita.goes("/login/");
  await sita.isOutside();
  const told = await sita.page.evaluate(async (password) => {
    const post = (path, body) =>
      fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const given = { email: "sita@example.org", password };
    const names = { firstname: "Sita", lastname: "Rai", phone: 9800000001 };
    const made = await post("/register/user", { ...given, ...names });
    const signedIn = await post("/login/user", given);
    const socket = new WebSocket(`ws://${location.host}/message`);
    window.lines = [];
    window.say = (message) => socket.send(JSON.stringify({ message, username: "Sita" }));
    const greeted = new Promise((resolve) => {
      socket.onmessage = ({ data }) => {
        window.lines.push(JSON.parse(data));
        resolve();
      };
    });
    await greeted;
    return [made.status, signedIn.status, await signedIn.json()];
  }, PASSWORD);
  assert.deepEqual(told, [200, 200, { message: "Login success" }]);
  await sita.page.evaluate(() => window.say("Hello from the other page."));
  await alma.sees("Hello from the other page.", "Sita Rai");
  await alma.says("Hello, Sita.");
  await sita.page.waitForFunction(() => window.lines.length === 3);
  assert.deepEqual(await sita.page.evaluate(() => window.lines), [
    { isMe: true, data: "Have joined!!", username: "You" },
    { isMe: true, data: "Hello from the other page.", username: "Sita Rai" },
    { isMe: false, data: "Hello, Sita.", username: "alma" },
  ]);
  await sita.goes("/chat");
  await sita.isIn("General");
});

async function opensElsewhere(somebody) {
  somebody.complaints.allow(new RegExp(`^a request to ${ORIGIN}/$`));
  await somebody.goes(`${ORIGIN}/`);
}

story("a page of another origin signs up, signs in, writes and reads by Chatter-Box's words", async ({ server, person }) => {
  const [alma, john] = [await person("alma"), await person("john")];
  await alma.signsUp();
  await alma.isIn("General");
  await opensElsewhere(john);
  await john.page.evaluate(
    async ([home, password]) => {
      const post = async (path, body) => {
        const headers = { "content-type": "application/json" };
        const init = { method: "POST", credentials: "include", headers, body: JSON.stringify(body) };
        return (await fetch(home + path, init)).json();
      };
      const given = { username: "john", password };
      const made = await post("/register", given);
      if (made.message !== "User created") throw new Error(JSON.stringify(made));
      const { access_token: token, user_id: me } = await post("/login", given);
      window.read = async (path) =>
        (await fetch(home + path, { headers: { authorization: `Bearer ${token}` } })).json();
      window.lines = [];
      const socket = new WebSocket(`${home.replace("http", "ws")}/ws/${me}?token=${token}`);
      socket.onmessage = ({ data }) => window.lines.push(JSON.parse(data));
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
      socket.send(JSON.stringify({ content: "Hello from a box." }));
    },
    [server.url, PASSWORD],
  );
  await alma.sees("Hello from a box.", "john");
  await alma.says("Hello, box.");
  await john.page.waitForFunction(() => window.lines.length === 2);
  assert.deepEqual(
    await john.page.evaluate(() => window.lines.map((line) => line.content)),
    ["Hello from a box.", "Hello, box."],
  );
  const rows = await john.page.evaluate(() => window.read("/history"));
  assert.deepEqual(rows.map((row) => row.receiver_id), [null, null]);
}, { "cors-origins": ORIGIN });

story(
  "a page of another origin chats as a guest with nothing but a number, where guests are let in",
  async ({ server, person }) => {
    const [poornima, madhu] = [await person("poornima"), await person("madhu")];
    for (const [guest, me] of [[poornima, 1], [madhu, 2]]) {
      await opensElsewhere(guest);
      await guest.page.evaluate(
        async ([home, number]) => {
          window.read = async (path) => (await fetch(home + path)).json();
          window.lines = [];
          const socket = new WebSocket(`${home.replace("http", "ws")}/ws/${number}`);
          window.say = (content, receiver_id) => socket.send(JSON.stringify({ content, receiver_id }));
          socket.onmessage = ({ data }) => window.lines.push(JSON.parse(data));
          await new Promise((resolve, reject) => {
            socket.onopen = resolve;
            socket.onerror = reject;
          });
        },
        [server.url, me],
      );
    }
    await poornima.page.evaluate(() => window.say("Are you there?", 2));
    await madhu.page.waitForFunction(() => window.lines.length === 1);
    assert.deepEqual(await madhu.page.evaluate(() => window.lines[0]), {
      content: "Are you there?",
      sender_id: 1,
      receiver_id: 2,
      is_guest: true,
    });
    const rows = await madhu.page.evaluate(() => window.read("/history/2/1"));
    assert.deepEqual(rows.map((row) => [row.content, row.sender_id, row.receiver_id]), [["Are you there?", 1, 2]]);
  },
  { "dialects": "open", "cors-origins": ORIGIN },
);

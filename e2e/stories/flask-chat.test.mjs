// The app "Flask chat" with Parlor as its server, by real clients of Socket.IO.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { PASSWORD } from "../lib/person.mjs";
import { CLIENTS, WAYS, chatterStory, until } from "../lib/chatter.mjs";

const GENERAL = 1;
/** Letters of one, two, three and four bytes, and one that separates packets. */
const LETTERS = "plain, grüß, नमस्ते, 👋\u001e.";

chatterStory("every generation of clients chats with every other, by polling and by WebSocket", async ({ account, arrives }) => {
  const chatters = [];
  for (const client of Object.keys(CLIENTS)) {
    for (const ways of WAYS) {
      const name = `c${client}${ways.length}${ways[0]}`;
      const { token } = await account(name);
      chatters.push({ name, chatter: arrives({ client, ways, token }) });
    }
  }
  for (const { chatter } of chatters) await chatter.isIn();
  for (const { name, chatter } of chatters) {
    // The separator cannot be said, so it is left out here and tried below.
    const text = `${name} says ${LETTERS.replace("\u001e", "")}`;
    assert.deepEqual(await chatter.asks("message", { msg: `${name}: ${text}` }), []);
    for (const other of chatters) {
      const { msg } = await other.chatter.hears("message", (message) => message.name === name);
      assert.equal(msg, `${name}: ${text}`);
    }
  }
  for (const { name, chatter } of chatters) {
    chatter.says("message", `${name}: ${LETTERS}`);
    const { code } = await chatter.hears("error_message");
    assert.equal(code, "invalid_request");
  }
});

chatterStory("a client that goes over to a WebSocket in the middle of a talk loses nothing", async ({ account, arrives }) => {
  const alma = await account("alma");
  for (const client of Object.keys(CLIENTS)) {
    const chatter = arrives({ client, ways: ["polling", "websocket"], token: alma.token });
    await chatter.isIn();
    const said = Array.from({ length: 60 }, (_, number) => `${client} ${number}`);
    for (const text of said) {
      chatter.says("message", text);
      await pause(2);
    }
    await chatter.hears("message", ({ msg }) => msg === `alma: ${said.at(-1)}`);
    const heard = chatter.all("message").map(({ msg }) => msg).filter((msg) => msg.startsWith(`alma: ${client} `));
    assert.deepEqual(heard, said.map((text) => `alma: ${text}`));
    await until("it goes by WebSocket", () => chatter.socket.io.engine.transport.name === "websocket");
    chatter.leaves();
  }
});

chatterStory("what is said on the way out is heard all the same", async ({ account, arrives }) => {
  const ben = arrives({ client: 4, token: (await account("ben")).token });
  await ben.isIn();
  const said = [];
  for (const client of Object.keys(CLIENTS)) {
    for (const [number, ways] of WAYS.entries()) {
      const name = `alma${client}${number}`;
      const chatter = arrives({ client, ways, token: (await account(name)).token });
      await chatter.isIn();
      for (const text of ["one", "two", "three"]) {
        chatter.says("message", text);
        said.push(`${name}: ${text}`);
      }
      chatter.leaves();
    }
  }
  await until("everything is heard", () => ben.all("message").length === said.length);
  assert.deepEqual(ben.all("message").map(({ msg }) => msg).sort(), said.sort());
});

chatterStory("who is there is told to everybody, under their own name only", async ({ account, arrives }) => {
  const alma = arrives({ client: 2, token: (await account("alma")).token });
  const ben = arrives({ client: 4, auth: { token: (await account("ben")).token } });
  await Promise.all([alma.isIn(), ben.isIn()]);

  alma.says("is_online", "alma");
  assert.equal(await ben.hears("online_name"), "alma");
  assert.equal(await alma.hears("online_name"), "alma");
  ben.says("is_online", "alma");
  const { code, detail } = await ben.hears("error_message");
  assert.equal(code, "forbidden");
  assert.match(detail, /ben/);
  assert.deepEqual(await ben.asks("is_online", "Ben"), []);
  await alma.hears("online_name", (name) => name === "Ben");
  assert.deepEqual(alma.all("online_name"), ["alma", "Ben"]);
});

chatterStory("a room of two is the direct chat of the two, and nobody else's", async ({ account, arrives }) => {
  const [alma, ben, carl] = [await account("alma"), await account("ben"), await account("carl")];
  const almas = arrives({ client: 2, token: alma.token });
  const bens = arrives({ client: 4, token: ben.token });
  const carls = arrives({ client: 4, token: carl.token });
  await Promise.all([almas.isIn(), bens.isIn(), carls.isIn()]);

  bens.says("build_private_room", { inviter: "ben", guest: "alma" });
  const invitation = { inviter: "ben", guest: "alma", room: "almaben", isActive: "true" };
  assert.deepEqual(await almas.hears("invite_match_user"), invitation);
  assert.deepEqual(await bens.hears("invite_match_user"), invitation);
  assert.deepEqual(await almas.asks("join_private_room", invitation), []);
  assert.deepEqual(await bens.asks("join_private_room", invitation), []);
  assert.deepEqual(await carls.asks("join_private_room", invitation), []);
  assert.equal((await carls.hears("error_message")).code, "forbidden");

  almas.says("private_message", { msg: "alma: hi", room: "almaben" });
  const hi = { msg: "alma: hi", room: "almaben" };
  assert.deepEqual(await almas.hears("room_message"), hi);
  assert.deepEqual(await bens.hears("room_message"), hi);
  carls.says("private_message", { msg: "carl: me too", room: "almaben" });
  await carls.hears("error_message", ({ code }) => code === "not_a_member");

  // The other doors: what was said here stands there, and what is said there is heard here.
  const direct = await ben.directWith(alma);
  const [stored] = await ben.reads(direct.id);
  assert.deepEqual([stored.body, stored.author.username, stored.dialect], ["hi", "alma", "flask_chat"]);
  await ben.says(direct.id, "from elsewhere");
  const elsewhere = { msg: "ben: from elsewhere", room: "almaben" };
  assert.deepEqual(await almas.hears("room_message", ({ msg }) => msg !== hi.msg), elsewhere);
  assert.deepEqual(carls.all("room_message"), []);
  assert.deepEqual(carls.all("invite_match_user"), []);

  // A page that lost its connection goes on writing without joining again.
  const again = arrives({ client: 2, token: alma.token });
  await again.isIn();
  again.says("private_message", { msg: "alma: still here", room: "almaben" });
  await bens.hears("room_message", ({ msg }) => msg === "alma: still here");
  await again.hears("room_message", ({ msg }) => msg === "alma: still here");
});

chatterStory("who registered with a name of two words is known by it", async ({ server, arrives, account }) => {
  const form = { name: "Ram Shah", email: "ram@example.org", password: PASSWORD };
  for (const path of ["/register", "/login"]) {
    const answer = await fetch(server.url + path, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
    assert.equal(answer.status, 303);
    form.cookie = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  }
  const ram = arrives({ client: 2, headers: { cookie: form.cookie, origin: server.url } });
  const john = arrives({ client: 4, token: (await account("john")).token });
  await Promise.all([ram.isIn(), john.isIn()]);
  ram.says("is_online", "Ram Shah");
  await john.hears("online_name", (name) => name === "Ram Shah");
  john.says("build_private_room", { inviter: "john", guest: "Ram Shah" });
  const invitation = await ram.hears("invite_match_user");
  await Promise.all([ram.asks("join_private_room", invitation), john.asks("join_private_room", invitation)]);
  ram.says("private_message", { msg: "Ram Shah: hi", room: invitation.room });
  assert.deepEqual(await john.hears("room_message"), { msg: "Ram_Shah: hi", room: invitation.room });
  assert.deepEqual(ram.all("error_message"), []);

  const again = arrives({ client: 4, headers: { cookie: form.cookie, origin: server.url } });
  await again.isIn();
  again.says("private_message", { msg: "Ram Shah: still here", room: invitation.room });
  await john.hears("room_message", ({ msg }) => msg === "Ram_Shah: still here");
});

chatterStory("the live chat is General: saved, shown to who comes later, and changed by who changes it", async ({ account, arrives }) => {
  const [alma, ben] = [await account("alma"), await account("ben")];
  const old = await ben.says(GENERAL, "an old one");
  const gone = await ben.says(GENERAL, "a mistake");
  await ben.calls("DELETE", `/messages/${gone.id}`);
  const almas = arrives({ client: 2, token: alma.token });
  const history = await almas.isIn();
  assert.deepEqual(history, [
    { id: old.id, msg: "ben: an old one", name: "ben", guest: false, timestamp: old.created_at },
  ]);

  almas.says("message", { msg: "alma: hello" });
  const told = await almas.hears("message");
  const [, , stored] = await ben.reads(GENERAL);
  assert.deepEqual([stored.id, stored.body, stored.dialect], [told.id, "hello", "flask_chat"]);
  const fromElsewhere = await ben.says(GENERAL, "alma: is not me");
  const heard = await almas.hears("message", ({ id }) => id === fromElsewhere.id);
  assert.deepEqual([heard.name, heard.msg], ["ben", "ben: alma: is not me"]);

  await ben.calls("PATCH", `/messages/${old.id}`, { body: "a better one" });
  const edited = await almas.hears("message_edited");
  assert.deepEqual([edited.id, edited.msg], [old.id, "ben: a better one"]);
  assert.ok(edited.edited_at);
  await ben.calls("DELETE", `/messages/${old.id}`);
  assert.deepEqual(await almas.hears("message_deleted"), { id: old.id });
});

chatterStory("what makes no sense is answered to who said it, and harms nobody", async ({ account, arrives }) => {
  const ben = arrives({ client: 4, token: (await account("ben")).token });
  await ben.isIn();
  for (const client of Object.keys(CLIENTS)) {
    const alma = arrives({ client, ways: client === "2" ? ["polling"] : ["websocket"], token: (await account(`alma${client}`)).token });
    await alma.isIn();
    const nonsense = [
      ["is_online"],
      ["is_online", 7],
      ["build_private_room", "ben"],
      ["build_private_room", { inviter: `alma${client}` }],
      ["build_private_room", { inviter: "ben", guest: `alma${client}` }],
      ["build_private_room", { inviter: `alma${client}`, guest: "nobody" }],
      ["build_private_room", { inviter: `alma${client}`, guest: `alma${client}` }],
      ["join_private_room", null],
      ["private_message", { msg: "x" }],
      ["private_message", { msg: { toString: 1 }, room: "r" }],
      ["private_message", { msg: "x", room: "nowhere" }],
      ["message"],
      ["message", {}],
      ["message", [[]]],
      ["message", ""],
      ["message", `alma${client}: `],
      ["message", "x".repeat(20_000)],
      ["something_else", 1],
      ["message", Buffer.from([1, 2, 3])],
      ["message", { msg: Buffer.from([1, 2, 3]) }],
    ];
    for (const [number, [name, ...data]] of nonsense.entries()) {
      alma.says(name, ...data);
      await until(`${client} ${name} ${number} is refused`, () => alma.all("error_message").length === number + 1);
      const { code, detail } = alma.all("error_message")[number];
      assert.match(code, /^[a-z_]+$/);
      assert.ok(detail.length > 0, code);
    }
    alma.says("message", `alma${client}: still here`);
    await ben.hears("message", ({ msg }) => msg === `alma${client}: still here`);
    assert.deepEqual(alma.all("disconnect"), []);
    alma.leaves();
  }
  assert.deepEqual(ben.all("error_message"), []);
});

chatterStory("only who is signed in comes in, and a cookie counts on our own pages alone", async ({ server, account, arrives }) => {
  const alma = await account("alma");
  const cookie = `parlor_session=${alma.token}`;
  for (const client of Object.keys(CLIENTS)) {
    for (const ways of WAYS) {
      const refused = [
        arrives({ client, ways, reconnection: true }),
        arrives({ client, ways, token: "nonsense", reconnection: true }),
        arrives({ client, ways, headers: { cookie, origin: "http://evil.example" } }),
      ];
      for (const chatter of refused) {
        const said = await chatter.hears(client === "4" ? "connect_error" : "error");
        assert.equal((said.data ?? said).code, "unauthenticated");
        assert.deepEqual(chatter.all("connect"), []);
        await until("it has given up", () => chatter.socket.io.engine.readyState === "closed");
        assert.ok(!chatter.socket.io.reconnecting && !chatter.socket.io._reconnecting);
      }
      const ours = [
        arrives({ client, ways, headers: { cookie, origin: server.url } }),
        arrives({ client, ways, headers: { authorization: `Bearer ${alma.token}`, origin: "http://evil.example" } }),
      ];
      for (const chatter of ours) {
        await chatter.isIn();
        chatter.leaves();
      }
    }
  }
});

chatterStory("a session that ends takes its connections along, and who is sent away does not come back by itself", async ({ account, arrives }) => {
  for (const client of Object.keys(CLIENTS)) {
    for (const [number, ways] of WAYS.entries()) {
      const alma = await account(`alma${client}${number}`);
      const chatter = arrives({ client, ways, token: alma.token, reconnection: true });
      await chatter.isIn();
      await alma.calls("DELETE", "/sessions/current");
      assert.equal(await chatter.hears("disconnect"), "io server disconnect", `${client} by ${ways}`);
    }
  }
});

chatterStory("a server that stops lets go at once, and clients come back to the next one", async ({ server, account, arrives }) => {
  const chatters = [];
  for (const client of Object.keys(CLIENTS)) {
    for (const [number, ways] of WAYS.entries()) {
      const alma = await account(`alma${client}${number}`);
      chatters.push(arrives({ client, ways, token: alma.token, reconnection: true }));
    }
  }
  await Promise.all(chatters.map((chatter) => chatter.isIn()));
  await server.stop();
  await server.start();
  for (const chatter of chatters) {
    assert.match(await chatter.hears("disconnect"), /transport/);
    await until("it is back", () => chatter.all("history").length === 2);
  }
});

chatterStory("the page's views are counted, told when they grow, and there after a restart", async ({ server, account, arrives }) => {
  const alma = arrives({ client: 2, token: (await account("alma")).token, reconnection: true });
  await alma.isIn();
  assert.deepEqual(await alma.hears("page_views"), { count: 0 });
  for (const path of ["/", "/chat", "/chat?x=1"]) assert.equal((await fetch(server.url + path)).status, 200);
  for (const path of ["/api/v1/server", "/login", "/nothing.js"]) await fetch(server.url + path);
  await alma.hears("page_views", ({ count }) => count === 3);
  await fetch(`${server.url}/`);
  await server.stop();
  await server.start();
  await until("it is told again", () => alma.all("page_views").some(({ count }) => count === 4));
  assert.ok(alma.all("page_views").every(({ count }) => count <= 4));
});

chatterStory(
  "where guests are let in, a name is enough, and no guest has the name of who signed up",
  async ({ account, arrives }) => {
    const carl = await account("carl");
    const [alma, ben] = [arrives({ client: 2 }), arrives({ client: 4, ways: ["polling"] })];
    assert.deepEqual(await Promise.all([alma.isIn(), ben.isIn()]), [[], []]);
    alma.says("is_online", "alma");
    ben.says("is_online", "ben");
    await Promise.all([alma.hears("online_name", (name) => name === "ben"), ben.hears("online_name", (name) => name === "alma")]);

    alma.says("message", "alma: hello");
    const { name, guest, msg } = await ben.hears("message");
    assert.deepEqual([name, guest, msg], ["~alma", true, "~alma: hello"]);
    const [stored] = await carl.reads(GENERAL);
    assert.deepEqual([stored.author.kind, stored.body], ["guest", "hello"]);

    ben.says("build_private_room", { inviter: "ben", guest: "alma" });
    const invitation = await alma.hears("invite_match_user");
    await Promise.all([alma.asks("join_private_room", invitation), ben.asks("join_private_room", invitation)]);
    ben.says("private_message", { msg: "ben: psst", room: "almaben" });
    assert.deepEqual(await alma.hears("room_message"), { msg: "ben: psst", room: "almaben" });

    const thief = arrives({ client: 4 });
    await thief.isIn();
    thief.says("message", "carl: I am carl");
    assert.equal((await thief.hears("error_message")).code, "username_taken");
    thief.says("private_message", { msg: "x", room: "almaben" });
    await thief.hears("error_message", ({ code }) => code === "unauthenticated");
    alma.says("build_private_room", { inviter: "alma", guest: "carl" });
    assert.equal((await alma.hears("error_message")).code, "forbidden");
    await carl.says(GENERAL, "said by somebody");
    await thief.hears("message", ({ msg: said }) => said === "carl: said by somebody");
  },
  { dialects: "open" },
);

// What people can write anywhere, written to be run by somebody else's browser: it must be shown, and nothing of it done.
// Witnesses: a function that each of them would call, dialogs, what the content policy stopped, requests to other places, and
// what stands in the page: no element or attribute that Parlor does not make itself.
import assert from "node:assert/strict";
import { FORMS, PAYLOADS } from "../lib/payloads.mjs";
import { Witness } from "../lib/witness.mjs";
import { PASSWORD } from "../lib/person.mjs";
import { story } from "../lib/story.mjs";
import { untilEqual } from "../lib/until.mjs";

/** What the browser writes down when a form or an address is refused. */
const NOT_TAKEN = /the server responded with a status of 4\d\d/u;

/** Several in one text: each would do its work wherever it stands. */
const together = (texts, many = 16) =>
  texts.flatMap((_, at) => (at % many === 0 ? [texts.slice(at, at + many).join(" ")] : []));

const LINE_CHARS_MAX = { name: 64, room: 80, description: 500 };

/** Those that are taken as a line of at most so many characters; the others are refused, which is as good. */
const short = (charsMax) => PAYLOADS.filter((text) => [...text].length <= charsMax && !/[\n\t]/u.test(text));

story("nothing that is written in messages runs, in the client and on the plain pages", async ({ person }) => {
  const [alma, ben] = [await person("alma"), await person("ben")];
  const witness = new Witness(ben);
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  const made = await alma.calls("POST", "/conversations", { kind: "room", name: "Garden" });
  const room = made.conversation.id;
  const invite = await alma.calls("POST", `/conversations/${room}/invites`, { needs_approval: false });
  await ben.calls("POST", `/invites/${invite.code}/join`);
  await ben.goes(`/c/${room}`);
  await ben.isIn("Garden");
  let before = null;
  const texts = PAYLOADS.flatMap((payload) => [payload, ...FORMS.map((form) => form(payload))]);
  for (const text of texts) {
    // Every other one answers the one before it: quotes show texts too.
    const sent = await alma.sendsQuietly(room, text, before);
    before = before === null ? sent.id : null;
  }
  await alma.sendsQuietly(room, "the end");
  await ben.sees("the end");
  await witness.strangers();
  // From the beginning, page by page, and as plain pages show it.
  await ben.page.reload();
  await ben.sees("the end");
  for (let seen = 0; seen < 5; seen += 1) {
    await ben.log().evaluate((log) => {
      for (let at = log; at; at = at.parentElement) at.scrollTop = 0;
    });
    await witness.strangers();
  }
  await ben.goes(`/lite/c/${room}`);
  for (let pages = 0; pages < 20; pages += 1) {
    await witness.strangers();
    const older = ben.page.getByRole("link", { name: /older/i });
    if ((await older.count()) === 0) break;
    await older.first().click();
  }
  await ben.goes("/lite/");
  await witness.strangers();
  witness.sawNothing(texts.length);
});

story("nothing that is written in names, descriptions and addresses runs", async ({ person }) => {
  const [alma, ben] = [await person("alma"), await person("ben")];
  const witness = new Witness(ben);
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  let taken = 0;
  const rooms = [];
  for (const payload of short(LINE_CHARS_MAX.room)) {
    const description = short(LINE_CHARS_MAX.description)[rooms.length % 40];
    const made = await alma.tries("POST", "/conversations", { kind: "room", name: payload, description });
    if (!made.conversation) continue;
    taken += 1;
    rooms.push(made.conversation.id);
    const open = await alma.calls("POST", `/conversations/${made.conversation.id}/invites`, { needs_approval: false });
    if (rooms.length % 20 === 1) {
      // The card of an invite, as somebody outside sees it.
      for (const path of [`/join/${open.code}`, `/lite/join/${open.code}`]) {
        await ben.goes(path);
        await ben.page.getByText(made.conversation.name).first().waitFor();
        await witness.strangers();
      }
    }
    await ben.calls("POST", `/invites/${open.code}/join`);
  }
  for (const [index, payload] of short(LINE_CHARS_MAX.name).entries()) {
    const changed = await alma.tries("PATCH", "/me", { display_name: payload });
    if (!changed.account && !changed.id) continue;
    taken += 1;
    await alma.sendsQuietly(rooms[index % rooms.length], `Hello @ben, it is ${payload}`);
    if (index % 16 > 0) continue;
    await ben.goes(`/c/${rooms[index % rooms.length]}`);
    await ben.log().waitFor();
    await witness.strangers();
  }
  // Usernames: whatever is not refused is shown like any other.
  for (const payload of PAYLOADS) {
    const made = await ben.tries("POST", "/accounts", { username: payload, password: PASSWORD });
    assert.ok(made.code, `this is no username: ${payload}`);
  }
  for (const path of ["/", "/inbox", `/c/${rooms[0]}`, "/lite/", `/lite/c/${rooms[0]}`, `/lite/c/${rooms[0]}/members`]) {
    await ben.goes(path);
    await ben.page.waitForLoadState("networkidle");
    await witness.strangers();
  }
  // What stands in an address is shown nowhere, or as text.
  ben.complaints.allow(NOT_TAKEN);
  for (const payload of together(short(LINE_CHARS_MAX.room))) {
    const word = encodeURIComponent(payload);
    for (const path of [`/join/${word}`, `/lite/join/${word}`, `/lite/login?next=${word}`, `/lite/people?query=${word}`]) {
      await ben.goes(path);
      await witness.strangers();
    }
  }
  witness.sawNothing(taken);
});

story("nothing that comes by the doors of other apps, or is shown on their pages, runs", async ({ person }) => {
  const ben = await person("ben");
  const witness = new Witness(ben);
  await ben.joinsQuietly();
  await ben.goes("/");
  await ben.isIn("General");
  const said = await ben.page.evaluate(async (payloads) => {
    const socket = new WebSocket(`ws://${location.host}/message`);
    await new Promise((resolve) => {
      socket.onmessage = resolve;
    });
    let lines = 0;
    socket.onmessage = () => {
      lines += 1;
    };
    for (const message of payloads) {
      socket.send(JSON.stringify({ message, username: message.slice(0, 30) || "somebody" }));
      while (socket.bufferedAmount > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    for (let waited = 0; lines < payloads.length && waited < 200; waited += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    socket.close();
    return lines;
  }, PAYLOADS);
  assert.ok(said >= PAYLOADS.length, `${said} of ${PAYLOADS.length} were answered`);
  await witness.strangers();
  // The pages of forms show what was typed again.
  ben.complaints.allow(NOT_TAKEN);
  for (const payload of together(PAYLOADS)) {
    for (const path of ["/register", "/login", "/registration", "/loginsuccess"]) {
      await ben.page.goto("/lite/");
      await ben.page.evaluate(
        ([action, value]) => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = action;
          for (const name of ["name", "email"]) {
            const field = document.createElement("input");
            field.name = name;
            field.value = value;
            form.append(field);
          }
          document.body.append(form);
          form.submit();
        },
        [path, payload],
      );
      await ben.page.waitForURL((url) => url.pathname === path);
      await witness.strangers();
    }
  }
  witness.sawNothing(PAYLOADS.length);
}, { dialects: "open", "guests-per-address": "1000/s+1000", "guests-max": "100000", "sends-per-guest": "1000/s+1000" });

story("no text becomes markup, whoever tries", async ({ person }) => {
  const ben = await person("ben");
  ben.complaints.allow(/^the policy stopped (?:require-)?trusted-types/u, /'Trusted\w+' assignment|TrustedTypePolicy/u);
  for (const path of ["/", "/lite/login"]) {
    await ben.goes(path);
    const errors = await ben.page.evaluate(() => {
      const tries = [
        () => { document.createElement("p").innerHTML = "<b>bold</b>"; },
        () => document.body.insertAdjacentHTML("beforeend", "<b>bold</b>"),
        () => new DOMParser().parseFromString("<b>bold</b>", "text/html"),
        () => { document.createElement("script").src = "/first.js"; },
        () => trustedTypes.createPolicy("another", { createHTML: (text) => text }),
      ];
      return tries.map((attempt) => {
        try {
          attempt();
          return "done";
        } catch (error) {
          return error.name;
        }
      });
    });
    assert.deepEqual(errors, Array(5).fill("TypeError"), path);
  }
  // The page that explains the API is made by others, who make markup of text and clean it.
  await ben.goes("/docs/");
  await ben.page.getByText("Sign in by username or e-mail address").first().waitFor();
});

story("words that mean something to the language are words", async ({ person }) => {
  const words = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__", "then"];
  const [alma, ben] = [await person("alma", { name: "__proto__" }), await person("ben", { name: "constructor" })];
  await alma.joinsQuietly();
  await ben.joinsQuietly();
  let last = null;
  for (const word of words) {
    const made = await alma.calls("POST", "/conversations", { kind: "room", name: word, description: word });
    last = made.conversation.id;
    const open = await alma.calls("POST", `/conversations/${last}/invites`, { needs_approval: false });
    await ben.calls("POST", `/invites/${open.code}/join`);
  }
  for (const word of words) await alma.sendsQuietly(last, `${word} @${word} :${word}: #${word} \`\`\`${word}\nof it\n\`\`\``);
  await alma.sendsQuietly(last, "the end");
  await ben.goes(`/c/${last}`);
  await ben.sees("the end");
  for (const word of words) await ben.row(word).waitFor();
  const own = () => ben.page.evaluate(() => Object.getOwnPropertyNames(Object.prototype).sort());
  const there = await own();
  await ben.page.goto("about:blank");
  assert.deepEqual(there, await own());
});

story("the witnesses see what runs", async ({ person }) => {
  const ben = await person("ben");
  const witness = new Witness(ben);
  // As it would be if a text became markup somewhere.
  const planted = '<img src=x onerror=__xss()><a href="javascript:__xss()" id=planted>press</a>';
  await ben.page.route("**/lite/login", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("</body>", `${planted}</body>`) });
  });
  await ben.goes("/lite/login");
  await ben.page.getByRole("link", { name: "press" }).click();
  await untilEqual("the policy stopped both", () => witness.count("the policy stopped"), 2);
  const found = await witness.strangers();
  assert.deepEqual(found.sort(), ["a href=javascript:", "a id=planted", "img onerror=__xss()"]);
  assert.throws(() => witness.sawNothing(1));
  ben.complaints.isHeardOut();
});

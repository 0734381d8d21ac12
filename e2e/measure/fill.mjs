// Fills a room by the socket, as people would, only faster: short and long texts, code, answers and reactions.
import WebSocket from "ws";
import { PASSWORD } from "../lib/person.mjs";

const AUTHORS = [
  ["alma", "Alma Reyes"],
  ["ben", "Ben Okafor"],
  ["cleo", "Cleo Marchetti"],
  ["dara", "Dara Lindqvist"],
];

/** Messages of one author that wait for their answers: enough to keep the server busy, little enough not to be cut off. */
const IN_FLIGHT_MAX = 40;
const REACTION_EVERY = 15;
const ANSWER_EVERY = 12;
const CODE_EVERY = 40;

const WORDS =
  "the water comes back on Monday and nobody has looked at the pump since the wind turned over the long wall of the garden where we put the beans".split(" ");
const CODE = "```js\nexport function pressure(bar) {\n  const safe = bar < 4;\n  return safe ? bar : 4;\n}\n```";

/** The text of message `number`: always the same one, so that two runs measure the same. */
export function textOf(number) {
  if (number % CODE_EVERY === 0) return `Number ${number}. This is how it is read:\n${CODE}`;
  const length = [4, 9, 3, 22, 14, 6, 60, 11][number % 8];
  const words = Array.from({ length }, (_, index) => WORDS[(number * 7 + index * 5) % WORDS.length]);
  return `Number ${number}: ${words.join(" ")}.`;
}

/** Everybody signs up or, in a folder that was filled before, signs in. */
export async function authors(url) {
  const found = [];
  for (const [username, display_name] of AUTHORS) found.push(await Author.arrives(url, username, display_name));
  return found;
}

/** The room that all of them are in; made if it is not there. */
export async function roomOf(people, name) {
  const [owner, ...others] = people;
  const { conversations } = await owner.calls("GET", "/conversations");
  const known = conversations.find((it) => it.name === name);
  if (known) return known;
  const { conversation, invite } = await owner.calls("POST", "/conversations", { kind: "room", name });
  for (const other of others) {
    await other.calls("POST", `/invites/${invite.code}/join`);
    await owner.calls("POST", `/conversations/${conversation.id}/members/${other.id}/approve`);
  }
  return conversation;
}

/** Sends until the room has `count` messages. Says how far it is. */
export async function fill(people, room, count, say) {
  let next = room.last_seq + 1;
  const work = people.map(async (author) => {
    await author.connects();
    while (next <= count) {
      const number = next;
      next += 1;
      await author.hasRoom();
      author.sends(room.id, textOf(number), number);
      if (number % 10_000 === 0) say(`${number} messages`);
    }
    await author.isDone();
  });
  await Promise.all(work);
}

export class Author {
  #url;
  #token;
  #socket = null;
  #waiting = new Set();
  #wake = () => {};
  #lastId = null;

  static async arrives(url, username, display_name) {
    const author = new Author();
    author.#url = url;
    author.name = display_name;
    const made = await author.#tries("/accounts", { username, display_name, password: PASSWORD });
    const { account, token } = made ?? (await author.calls("POST", "/sessions", { login: username, password: PASSWORD }));
    author.id = account.id;
    author.#token = token;
    return author;
  }

  async #tries(path, data) {
    return this.calls("POST", path, data).catch(() => null);
  }

  async calls(method, path, data) {
    const headers = { "content-type": "application/json" };
    if (this.#token) headers.authorization = `Bearer ${this.#token}`;
    const answer = await fetch(`${this.#url}/api/v1${path}`, { method, headers, body: data && JSON.stringify(data) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  async connects() {
    const socket = new WebSocket(`${this.#url.replace("http", "ws")}/api/v1/socket`);
    this.#socket = socket;
    await new Promise((resolve, reject) => {
      socket.once("open", () => socket.send(JSON.stringify({ op: "hello", token: this.#token })));
      socket.once("error", reject);
      socket.on("message", (data) => {
        const frame = JSON.parse(data);
        if (frame.op === "welcome") resolve();
        if (frame.op === "ack") this.#answered(frame);
        if (frame.op === "nack") throw new Error(`refused: ${data}`);
      });
    });
  }

  sends(conversation, body, number = 1) {
    const cid = crypto.randomUUID();
    this.#waiting.add(cid);
    const reply_to = number % ANSWER_EVERY === 0 ? this.#lastId : null;
    this.#socket.send(JSON.stringify({ op: "send", cid, conversation, body, reply_to }));
    if (number % REACTION_EVERY === 0 && this.#lastId) {
      this.#socket.send(JSON.stringify({ op: "react", message: this.#lastId, emoji: "👍", on: true, ref: cid }));
    }
  }

  #answered({ cid, id }) {
    if (!this.#waiting.delete(cid)) return;
    this.#lastId = id ?? this.#lastId;
    this.#wake();
  }

  async hasRoom() {
    while (this.#waiting.size >= IN_FLIGHT_MAX) await this.#somethingDone();
  }

  async isDone() {
    while (this.#waiting.size > 0) await this.#somethingDone();
  }

  #somethingDone() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  leaves() {
    this.#socket?.close();
  }
}

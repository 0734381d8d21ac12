// Somebody at a page of the app "Flask chat": a client of Socket.IO, of the generation that the app was made with or of a
// later one. No browser is needed for that.
import { createRequire } from "node:module";
import { test } from "node:test";
import { io as io4 } from "socket.io-client";
import { PASSWORD } from "./person.mjs";
import { startServer } from "./server.mjs";
import { PATIENCE_MS, until } from "./until.mjs";

const require = createRequire(import.meta.url);

/** The generations of clients, by number. */
export const CLIENTS = { 1: require("socket.io-client-1"), 2: require("socket.io-client-2"), 4: io4 };

/** Every way in which a client comes to its server. */
export const WAYS = [["polling"], ["polling", "websocket"], ["websocket"]];

/** A story that takes longer hangs. */
const STORY_MS = 60_000;

/** What a client hears besides the words of the app. */
const SIGNS = ["connect", "disconnect", "connect_error", "error", "reconnect"];
const WORDS = [
  "online_name",
  "invite_match_user",
  "room_message",
  "message",
  "message_edited",
  "message_deleted",
  "history",
  "page_views",
  "error_message",
];

/** A story without a browser: `play` gets a server of its own, and everybody leaves at the end. */
export function chatterStory(sentence, play, settings = {}) {
  test(sentence, { timeout: STORY_MS }, async () => {
    const server = await startServer(settings);
    const chatters = [];
    const arrives = (options) => {
      const chatter = new Chatter(server, options);
      chatters.push(chatter);
      return chatter;
    };
    try {
      await play({ server, account: (username) => Account.signsUp(server, username), arrives });
    } catch (error) {
      console.error(server.log);
      throw error;
    } finally {
      chatters.forEach((chatter) => chatter.leaves());
      await server.remove();
    }
  });
}

/** Somebody's account, by Parlor's own API. */
export class Account {
  static async signsUp(server, username, details = {}) {
    const account = new Account(server, username);
    const answer = await account.calls("POST", "/accounts", { username, password: PASSWORD, ...details });
    return Object.assign(account, { token: answer.token, id: answer.account.id });
  }

  constructor(server, username) {
    Object.assign(this, { server, username });
  }

  async calls(method, path, data) {
    const headers = { "content-type": "application/json" };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    const body = data && JSON.stringify(data);
    const answer = await fetch(`${this.server.url}/api/v1${path}`, { method, headers, body });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  async says(conversation, body) {
    return this.calls("POST", `/conversations/${conversation}/messages`, { cid: crypto.randomUUID(), body });
  }

  /** What stands in a conversation, the oldest first. */
  async reads(conversation) {
    const { messages } = await this.calls("GET", `/conversations/${conversation}/messages`);
    return messages;
  }

  /** The direct chat with somebody. */
  async directWith(other) {
    const { conversations } = await this.calls("GET", "/conversations");
    return conversations.find((it) => it.kind === "direct" && it.with?.id === other.id);
  }
}

export class Chatter {
  /** Everything that was heard, as `[name, data]`. */
  heard = [];

  constructor(server, { client = 4, ways = ["websocket"], token, auth, headers = {}, reconnection = false } = {}) {
    this.socket = CLIENTS[client](server.url, {
      transports: ways,
      forceNew: true,
      reconnection,
      query: token ? { token } : {},
      auth,
      extraHeaders: headers,
    });
    for (const name of [...SIGNS, ...WORDS]) this.socket.on(name, (data) => this.heard.push([name, data]));
  }

  says(name, ...data) {
    this.socket.emit(name, ...data);
  }

  /** Says it and waits for the answer, which holds what the server gives to the callback. */
  asks(name, ...data) {
    return new Promise((resolve) => this.socket.emit(name, ...data, (...given) => resolve(given)));
  }

  all(name) {
    return this.heard.filter(([heard]) => heard === name).map(([, data]) => data);
  }

  async hears(name, fits = () => true) {
    const what = `${name} is heard among ${this.heard.length} events`;
    await until(what, () => this.all(name).some(fits)).catch((error) => {
      throw new Error(`${error.message}\n${JSON.stringify(this.heard, null, 1)}`);
    });
    return this.all(name).find(fits);
  }

  /** Is let in, and has been told what there was. */
  async isIn() {
    await this.hears("connect");
    return this.hears("history");
  }

  /** Everything said so far has been dealt with: the answer to this comes after it. */
  async isDone() {
    await this.asks("is_online", this.name ?? "");
  }

  leaves() {
    this.socket.close();
  }
}

export { PATIENCE_MS, until };

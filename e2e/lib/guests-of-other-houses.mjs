// People who come with clients of other chat systems, each with the words of its own app and nothing else. What they send
// and get goes through clients that others wrote: `ws` and socket.io-client.
import { io } from "socket.io-client";
import WebSocket from "ws";
import { PASSWORD } from "./person.mjs";
import { until } from "./until.mjs";

/** A WebSocket, and everything that was told on it. */
class Line {
  frames = [];

  static async open(url, headers = {}) {
    const line = new Line();
    line.socket = new WebSocket(url.replace(/^http/, "ws"), { headers });
    line.socket.on("message", (data) => line.frames.push(String(data)));
    await new Promise((resolve, reject) => {
      line.socket.once("open", resolve);
      line.socket.once("error", reject);
    });
    return line;
  }

  say(frame) {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  close() {
    this.socket.close();
  }
}

async function post(server, path, body, headers = {}) {
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(`${server.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: isForm ? headers : { "content-type": "application/json", ...headers },
    body: isForm ? body : JSON.stringify(body),
  });
  if (answer.status >= 400) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

function cookieOf(answer) {
  return answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
}

/** What all of them can: say something, and wait until they were told something. */
class Somebody {
  constructor(server, name) {
    this.server = server;
    this.name = name;
  }

  async was(what, test) {
    return until(`${this.name} (${this.constructor.name}) was told ${what}`, () => this.told().find(test));
  }

  async hears(text) {
    return this.was(text, (frame) => this.textOf(frame)?.includes(text));
  }
}

export class ChatsClient extends Somebody {
  static async arrives(server, name) {
    const one = new ChatsClient(server, name);
    await post(server, "/auth/signup", { username: name, password: PASSWORD, email: `${name}@example.org` });
    const answer = await post(server, "/auth/login", { username: name, password: PASSWORD });
    one.token = (await answer.json()).access_token;
    one.line = await Line.open(`${server.url}/ws/general`, { authorization: `Bearer ${one.token}` });
    one.line.say({ type: "join" });
    return one;
  }

  told = () => this.line.frames.map((frame) => JSON.parse(frame));
  textOf = (frame) => (frame.chat_type === "general" ? frame.content : undefined);
  says = (text) => this.line.say({ content: text });
  leaves = () => this.line.close();

  async history() {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.server.url}/chats/general/history?limit=50&offset=0`, { headers });
    return (await answer.json()).messages.map((message) => message.content);
  }

  hearsEdit = (text) => this.was(`the edit ${text}`, (frame) => frame.type === "edited" && frame.content === text);
  hearsDeletion = () => this.was("a deletion", (frame) => frame.type === "deleted");
}

export class ChatterBoxClient extends Somebody {
  static async arrives(server, name) {
    const one = new ChatterBoxClient(server, name);
    await post(server, "/register", { username: name, password: PASSWORD });
    const answer = await (await post(server, "/login", { username: name, password: PASSWORD })).json();
    one.token = answer.access_token;
    one.line = await Line.open(`${server.url}/ws/${answer.user_id}?token=${one.token}`);
    return one;
  }

  told = () => this.line.frames.map((frame) => JSON.parse(frame));
  textOf = (frame) => ("sender_id" in frame && !("receiver_id" in frame) ? frame.content : undefined);
  says = (text) => this.line.say({ content: text });
  leaves = () => this.line.close();

  async history() {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.server.url}/broadcast-history`, { headers });
    return (await answer.json()).map((message) => message.content);
  }

  hearsEdit = (text) => this.was(`the edit ${text}`, (frame) => frame.type === "edited" && frame.content === text);
  hearsDeletion = () => this.was("a deletion", (frame) => frame.type === "deleted");
}

export class ChatAppClient extends Somebody {
  static async arrives(server, name) {
    const one = new ChatAppClient(server, name);
    // The app signs in with GitHub; who has an account here may as well bring its cookie.
    const account = { username: name, password: PASSWORD };
    await post(server, "/api/v1/accounts", account);
    const cookie = cookieOf(await post(server, "/api/v1/sessions", { login: name, password: PASSWORD }));
    one.line = await Line.open(`${server.url}/ws/a-code`, { cookie, origin: server.url });
    return one;
  }

  told = () => this.line.frames;
  textOf = (frame) => (/^(Updated message|Message deleted):/.test(frame) ? undefined : frame);
  says = (text) => this.line.say(`create:a-code: ${text}:${this.name}`);
  leaves = () => this.line.close();

  /** The position of a line in the page's list: every frame but those that change the list is a line. */
  indexOf(text) {
    return this.told().filter((frame) => this.textOf(frame) !== undefined).findIndex((frame) => frame.includes(text));
  }

  edits = (text, to) => this.line.say(`update:${this.indexOf(text)}:a-code:${to}:${this.name}`);
  hearsEdit = (text) => this.was(`the edit ${text}`, (frame) => frame.startsWith("Updated message:") && frame.includes(text));
  hearsDeletion = () => this.was("a deletion", (frame) => frame.startsWith("Message deleted:"));
}

export class ChatroomClient extends Somebody {
  static async arrives(server, name, phone) {
    const one = new ChatroomClient(server, name);
    const email = `${name}@example.org`;
    await post(server, "/register/user", { firstname: name, lastname: "Rai", email, phone, password: PASSWORD });
    const cookie = cookieOf(await post(server, "/login/user", { email, password: PASSWORD }));
    one.line = await Line.open(`${server.url}/message`, { cookie, origin: server.url });
    return one;
  }

  told = () => this.line.frames.map((frame) => JSON.parse(frame));
  textOf = (frame) => frame.data;
  says = (text) => this.line.say({ message: text, username: this.name });
  leaves = () => this.line.close();
}

export class FlaskChatClient extends Somebody {
  events = [];

  static async arrives(server, name) {
    const one = new FlaskChatClient(server, name);
    const [email, password] = [`${name}@example.org`, PASSWORD];
    await post(server, "/register", new URLSearchParams({ name, email, password }));
    const cookie = cookieOf(await post(server, "/login", new URLSearchParams({ email, password })));
    one.socket = io(server.url, { extraHeaders: { cookie, origin: server.url }, forceNew: true });
    one.socket.onAny((event, payload) => one.events.push({ event, payload }));
    await until(`${name} is connected by Socket.IO`, () => one.socket.connected);
    return one;
  }

  told = () => this.events;
  textOf = ({ event, payload }) => (event === "message" ? payload.msg : undefined);
  says = (text) => this.socket.emit("message", { msg: `${this.name}: ${text}` });
  leaves = () => this.socket.close();

  history = async () => this.events.find(({ event }) => event === "history").payload.map((message) => message.msg);
  hearsEdit = (text) =>
    this.was(`the edit ${text}`, ({ event, payload }) => event === "message_edited" && payload.msg.includes(text));
  hearsDeletion = () => this.was("a deletion", ({ event }) => event === "message_deleted");
}

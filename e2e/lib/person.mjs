// Somebody at a browser: a window of their own and the things that people do in Parlor. Everything is found the way a
// screen reader finds it, by role and name, so that each story proves that it can be found.
import { Complaints } from "./complaints.mjs";
import { PATIENCE_MS, until } from "./until.mjs";

/** What everybody uses here: long enough for the server. */
export const PASSWORD = "correct horse battery";

/** A usual laptop. */
const VIEWPORT = { width: 1440, height: 900 };

export class Person {
  static async arrives(browser, server, username, { name = null, ...options } = {}) {
    const context = await browser.newContext({
      baseURL: server.url,
      viewport: VIEWPORT,
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      reducedMotion: "reduce",
      // Stories stop requests to see what a page does without: a worker would have the answers already. It has a story of
      // its own.
      serviceWorkers: "block",
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const complaints = new Complaints();
    await complaints.watch(context, server.url);
    return new Person(server, context, await context.newPage(), complaints, username, name ?? username);
  }

  constructor(server, context, page, complaints, username, name) {
    this.server = server;
    this.context = context;
    this.page = page;
    this.complaints = complaints;
    this.username = username;
    /** How others see them. */
    this.name = name;
  }

  /** The same person in one more tab: the same cookies, the same storage. */
  async anotherTab(path = "/") {
    const page = await this.context.newPage();
    await page.goto(path);
    return new Person(this.server, this.context, page, this.complaints, this.username, this.name);
  }

  async goes(path) {
    await this.page.goto(path);
  }

  // Coming in.

  async signsUp() {
    await this.goes("/register");
    await this.fillsAccount();
    await this.page.getByRole("button", { name: "Create account" }).click();
    await this.isInside();
  }

  async fillsAccount() {
    await this.page.getByRole("textbox", { name: "Username" }).fill(this.username);
    await this.page.getByRole("textbox", { name: "Name (if you like)", exact: true }).fill(this.name);
    await this.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  }

  async signsIn() {
    await this.goes("/login");
    await this.fillsSignIn();
  }

  /** On whatever page asks for it. */
  async fillsSignIn() {
    await this.page.getByRole("textbox", { name: "Username or e-mail" }).fill(this.username);
    await this.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.isInside();
  }

  async isInside() {
    await this.conversations().waitFor();
  }

  async isOutside() {
    await this.page.getByRole("heading", { name: "Sign in" }).waitFor();
  }

  // The list of conversations.

  conversations() {
    return this.page.getByRole("navigation", { name: "Conversations" });
  }

  /** The line of the list whose name begins so. */
  row(title) {
    return this.conversations().getByRole("link", { name: begins(title) });
  }

  async opens(title) {
    await this.row(title).click();
    await this.isIn(title);
  }

  async isIn(title) {
    await this.page.getByRole("main").getByRole("heading", { level: 1, name: title }).waitFor();
    await this.log().waitFor();
  }

  // Talking.

  log() {
    return this.page.getByRole("log");
  }

  composer() {
    return this.page.getByRole("textbox", { name: /^(Write to|Edit your message)/ });
  }

  async types(text) {
    await this.composer().fill(text);
    await this.composer().press("Enter");
  }

  /** Writes it and waits until the server has it. */
  async says(text) {
    await this.types(text);
    await this.sees(text, "You");
  }

  /** A message whose text is exactly this, by whomever, however far it has come. */
  message(text) {
    return this.log().getByRole("article", { name: new RegExp(`: ${escaped(text)}$`) });
  }

  /** A message that the server has. */
  delivered(text, author = null) {
    const who = author === null ? "(?!You, (?:sending|not sent)).*" : escaped(author);
    return this.log().getByRole("article", { name: new RegExp(`^${who}, [^:]*:\\d\\d[^:]*: ${escaped(text)}$`) });
  }

  async sees(text, author = null) {
    await this.delivered(text, author).waitFor();
  }

  async doesNotSee(text) {
    await this.message(text).waitFor({ state: "detached" });
  }

  /** The texts of all messages that the server has and of those on their way, in the order in which they stand. */
  async texts() {
    const names = await this.log().getByRole("article").evaluateAll((rows) => rows.map((row) => row.ariaLabel));
    return names.map((name) => name.replace(/^.*?, (?:sending|not sent|[^:]*:\d\d[^:]*): /, ""));
  }

  /** Opens the menu of a message by the mouse and picks from it. */
  async picks(text, action) {
    await this.message(text).hover();
    await this.message(text).getByRole("button", { name: "More" }).click();
    await this.page.getByRole("menuitem", { name: action }).click();
  }

  /** Deletes it for good: not waiting until it can no longer be taken back. */
  async deletes(text) {
    await this.picks(text, "Delete");
    await this.message("deleted").last().waitFor();
    await this.undoOffers().getByRole("button", { name: "Dismiss" }).last().click();
  }

  /** Where it stands that something is deleted and can be taken back. */
  undoOffers() {
    return this.page.getByRole("status").filter({ hasText: "Deleted for everyone." });
  }

  // Rooms.

  /** Makes a room and gives back the invite link, as copied. */
  async makesRoom(name, description = "") {
    await this.page.getByRole("button", { name: "New room" }).click();
    const dialog = this.page.getByRole("dialog", { name: "A new room" });
    await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(name);
    await dialog.getByRole("textbox", { name: /^What it is about/ }).fill(description);
    await dialog.getByRole("button", { name: "Make the room" }).click();
    const ready = this.page.getByRole("dialog", { name: `${name} is ready` });
    await ready.getByRole("button", { name: "Copy" }).click();
    await ready.getByRole("button", { name: "Copied" }).waitFor();
    const link = await this.page.evaluate(() => navigator.clipboard.readText());
    await ready.getByRole("button", { name: "Go to the room" }).click();
    await this.isIn(name);
    return link;
  }

  async asksToJoin(link) {
    await this.goes(link);
    await this.page.getByRole("button", { name: "Ask to join" }).click();
    await this.page.getByText("Waiting for approval").waitFor();
  }

  async letsIn(person) {
    await this.page.getByRole("button", { name: `Let in: ${person.name}` }).first().click();
  }

  /** Opens the private chat with somebody by looking for them. */
  async startsChatWith(person) {
    await this.page.getByRole("button", { name: "New private chat" }).click();
    await this.page.getByRole("combobox", { name: "Find a room or a person" }).fill(person.name);
    await this.page.getByRole("option", { name: new RegExp(escaped(person.name)) }).click();
    await this.isIn(person.name);
  }

  // How things stand with the server, as it is said to screen readers.

  async hasStatus(pattern) {
    await this.page.getByRole("status").filter({ hasText: pattern }).first().waitFor();
  }

  async isLive() {
    await this.hasStatus(/^Online/);
  }

  /** The page knows that the server is away. */
  async isCutOff() {
    await this.hasStatus(/^(Connection lost|Connecting|Offline)/);
  }

  // Behind the scenes: to set a stage quickly, through the same door that the page uses.

  async calls(method, path, data) {
    const answer = await this.#asks(method, path, data);
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return answer.status() === 204 ? null : answer.json();
  }

  /** The same where a refusal is an answer too. */
  async tries(method, path, data) {
    const answer = await this.#asks(method, path, data);
    return answer.json();
  }

  #asks(method, path, data) {
    return this.context.request.fetch(`/api/v1${path}`, { method, data, headers: { origin: this.server.url } });
  }

  /** Signs up without looking at the page. */
  async joinsQuietly() {
    const account = { username: this.username, display_name: this.name, password: PASSWORD };
    const { account: me } = await this.calls("POST", "/accounts", account);
    this.id = me.id;
    // Nor are they welcomed: they know their way.
    await this.context.addInitScript((key) => {
      // An empty page keeps nothing.
      if (location.protocol.startsWith("http")) localStorage.setItem(key, "known");
    }, `parlor.welcome.${me.id}`);
    return me;
  }

  async sendsQuietly(conversation, body, replyTo = null) {
    const message = { cid: crypto.randomUUID(), body, reply_to: replyTo };
    return this.calls("POST", `/conversations/${conversation}/messages`, message);
  }

  async conversationNamed(name) {
    const { conversations } = await this.calls("GET", "/conversations");
    return conversations.find((it) => it.name === name || it.with?.display_name === name);
  }

  /** What the server has of a conversation: the texts, the oldest first. */
  async stored(conversation) {
    const { messages } = await this.calls("GET", `/conversations/${conversation}/messages?limit=200`);
    return messages.map((message) => message.body);
  }

  /** Nothing is on its way any more. */
  async hasSentEverything() {
    await until(`${this.username} has sent everything`, async () => {
      return (await this.log().getByRole("article", { name: /^You, (sending|not sent)/ }).count()) === 0;
    });
  }
}

export function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function begins(text) {
  return new RegExp(`^${escaped(text)}`);
}

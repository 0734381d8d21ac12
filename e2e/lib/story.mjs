// A story: a server and a browser of its own, people who come in, and at the end nothing that a page complained about.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { openBrowser } from "./browser.mjs";
import { Person } from "./person.mjs";
import { startServer } from "./server.mjs";

/** Pictures and logs; not part of the repository. */
export const ARTIFACTS = fileURLToPath(new URL("../../artifacts/e2e/", import.meta.url));

/** A story that takes longer hangs. */
const STORY_MS = 120_000;

/**
 * `play` gets the server, and `person(username, options)`, which opens a browser window of its own for somebody new.
 * Settings are the server's, by the names of its flags.
 */
export function story(sentence, play, settings = {}) {
  test(sentence, { timeout: STORY_MS }, async () => {
    const stage = new Stage(sentence);
    try {
      await stage.open(settings);
      await play({ server: stage.server, person: (username, options) => stage.person(username, options) });
      stage.assertNoComplaints();
    } catch (error) {
      await stage.keepTraces(error);
      throw error;
    } finally {
      await stage.close();
    }
  });
}

class Stage {
  server = null;
  #browser = null;
  #people = [];
  #slug;

  constructor(sentence) {
    this.#slug = sentence.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60);
  }

  async open(settings) {
    // What an earlier run left would be taken for this one's.
    await rm(this.#traces(), { recursive: true, force: true });
    this.server = await startServer(settings);
    this.#browser = await openBrowser();
  }

  /** Somebody with a window of their own: other cookies, other storage, another account. */
  async person(username, options) {
    const person = await Person.arrives(this.#browser, this.server, username, options);
    this.#people.push(person);
    return person;
  }

  assertNoComplaints() {
    for (const person of this.#people) {
      assert.deepEqual(person.complaints.all(), [], `${person.username}'s pages complained`);
    }
  }

  /** What helps to understand a failure: the server's log, what every page shows and what it complained about. */
  async keepTraces(error) {
    const folder = this.#traces();
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}error.txt`, `${error.stack ?? error}\n`);
    await writeFile(`${folder}server.log`, this.server?.log ?? "");
    for (const person of this.#people) {
      await writeFile(`${folder}${person.username}.complaints.txt`, person.complaints.all().join("\n"));
      for (const [index, page] of person.context.pages().entries()) {
        const name = `${folder}${person.username}.${index + 1}`;
        // A page that hangs must not hide why.
        await page.screenshot({ path: `${name}.png`, timeout: 3_000 }).catch(() => {});
        const tree = await page.locator("body").ariaSnapshot({ timeout: 3_000 }).catch(() => "");
        await writeFile(`${name}.txt`, `${page.url()}\n${tree}\n`);
      }
    }
  }

  #traces() {
    return `${ARTIFACTS}failed/${this.#slug}/`;
  }

  async close() {
    await this.#browser?.close();
    await this.server?.remove();
  }
}

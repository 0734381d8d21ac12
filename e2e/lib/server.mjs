// The real program with a new, empty data folder. It can be killed the hard way and started again in the same place.
import { spawn } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const START_PATIENCE_MS = 20_000;

/** Where a plain `cargo build` puts it. */
const USUAL_PROGRAM = fileURLToPath(new URL("../../target/debug/parlor", import.meta.url));

/**
 * What the stories change about a server. They all come from one address and never pause, which is what the limits
 * are there to stop; and cheap passwords keep a build without optimizations fast.
 */
const SETTINGS = {
  "requests-per-address": "1000/s+1000",
  "connections-per-address-max": "1000",
  "sign-ins-per-account": "1000/s+1000",
  "sign-ins-per-address": "1000/s+1000",
  "sign-ups-per-address": "1000/s+1000",
  "lookups-per-account": "1000/s+1000",
  "sends-per-account": "1000/s+1000",
  "rooms-per-account": "1000/s+1000",
  "invite-codes-per-address": "1000/s+1000",
  "frames-per-connection": "1000/s+1000",
  "password-memory-kib": "64",
  "password-passes": "1",
};

export async function startServer(settings = {}) {
  const program = process.env.PARLOR_BIN ?? USUAL_PROGRAM;
  await access(program).catch(() => {
    throw new Error(`There is no program at ${program}. Build it (cargo build -p server), or name it in PARLOR_BIN.`);
  });
  const folder = await mkdtemp(join(tmpdir(), "parlor-e2e-"));
  const server = new Server(program, folder, { ...SETTINGS, ...settings });
  try {
    await server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}

class Server {
  /** `http://127.0.0.1:PORT`, the same after every start. */
  url = null;
  /** The link with which the administrator's account is made, as the last start printed it. */
  setupLink = null;
  /** Everything that was printed, for when a story fails. */
  log = "";

  #program;
  #folder;
  #settings;
  #process = null;
  #ended = null;

  constructor(program, folder, settings) {
    this.#program = program;
    this.#folder = folder;
    this.#settings = settings;
  }

  /** Starts it, on a free port the first time, and waits until it listens. */
  async start() {
    const listen = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const flags = { listen, data: this.#folder, ...this.#settings };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(this.#program, args, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    this.#ended = new Promise((resolve) => child.once("close", resolve));
    this.setupLink = null;
    child.stderr.on("data", (data) => {
      this.log += data;
    });
    await this.#greeting(child);
  }

  /** Without a word of warning, in the middle of whatever it does. */
  async kill() {
    this.#process?.kill("SIGKILL");
    await this.#ended;
    this.log += "--- killed ---\n";
  }

  /** As a service manager stops it. */
  async stop() {
    this.#process?.kill("SIGTERM");
    await this.#ended;
    this.log += "--- stopped ---\n";
  }

  /** Kills it and removes everything that it kept. */
  async remove() {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Resolves with the line that says where it listens; the line with the link may follow it. */
  #greeting(child) {
    return new Promise((resolve, reject) => {
      const fail = (reason) => reject(new Error(`the server did not start: ${reason}\n${this.log}`));
      const timer = setTimeout(() => fail("it said nothing in time"), START_PATIENCE_MS);
      child.once("error", (error) => fail(error.message));
      child.once("close", (code) => fail(`it ended with ${code}`));
      createInterface({ input: child.stdout }).on("line", (line) => {
        this.log += `${line}\n`;
        this.setupLink = line.match(/http\S+\/setup#\S+/)?.[0] ?? this.setupLink;
        const listening = line.match(/listens on (http\S+)/);
        if (!listening) return;
        this.url = listening[1];
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

// A door in front of the server that can serve another build of the client: the same one under other names. Everything
// else passes through, sockets too.
import { createServer, request } from "node:http";
import { connect } from "node:net";

const OTHER = "-another1";

/** `url` is where people go instead of the server's. */
export async function openDoor(server) {
  const door = new Door(server);
  await door.open();
  return door;
}

class Door {
  url = null;
  /** From now on the client is another build, which says so in `window.build`. */
  isNewer = false;
  /** So long the page keeps people waiting. */
  pageDelayMs = 0;

  #server;
  #http = createServer((asked, answer) => this.#pass(asked, answer));
  #sockets = new Set();

  constructor(server) {
    this.#server = server;
    this.#http.on("upgrade", (asked, socket) => this.#join(asked, socket));
    this.#http.on("connection", (socket) => this.#sockets.add(socket));
  }

  async open() {
    await new Promise((done) => this.#http.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${this.#http.address().port}`;
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#http.close();
  }

  /** The server looks at where a request comes from: it comes from itself. */
  #headers(asked) {
    const { "accept-encoding": _, "if-none-match": __, ...headers } = asked.headers;
    if (headers.origin) headers.origin = this.#server.url;
    return { ...headers, host: new URL(this.#server.url).host };
  }

  #pass(asked, answer) {
    // A newer build has no file of the one before that was changed.
    if (this.isNewer && /^\/assets\/.*\.js$/.test(asked.url) && !asked.url.includes(OTHER)) {
      answer.writeHead(404).end();
      return;
    }
    const path = this.isNewer ? asked.url.replace(OTHER, "") : asked.url;
    const options = { method: asked.method, headers: this.#headers(asked) };
    const passed = request(new URL(path, this.#server.url), options, async (response) => {
      const isText = /html|javascript/.test(response.headers["content-type"] ?? "");
      if (!isText) {
        answer.writeHead(response.statusCode, response.headers);
        response.pipe(answer);
        return;
      }
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      let text = Buffer.concat(chunks).toString();
      if (this.isNewer) text = changed(asked.url, text);
      const { "content-length": _, etag: __, ...headers } = response.headers;
      const isPage = /html/.test(headers["content-type"]);
      setTimeout(() => answer.writeHead(response.statusCode, headers).end(text), isPage ? this.pageDelayMs : 0);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  }

  #join(asked, socket) {
    const { hostname, port } = new URL(this.#server.url);
    const there = connect(Number(port), hostname, () => {
      const lines = Object.entries(this.#headers(asked)).map(([name, value]) => `${name}: ${value}`);
      there.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      socket.pipe(there).pipe(socket);
    });
    for (const [one, other] of [[socket, there], [there, socket]]) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  }
}

function changed(url, text) {
  const renamed = text.replace(/(?:assets|\.)\/[\w-]+-[\w-]{8}(?=\.js)/g, `$&${OTHER}`);
  if (url === "/sw.js") return renamed.replace(/"version":"/, '"version":"another');
  return url.includes(OTHER) ? `window.build = "newer";\n${renamed}` : renamed;
}

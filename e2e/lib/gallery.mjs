// The gallery of the client's components: built, and served with the rules under which the client itself is served.
import { execFile } from "node:child_process";
import { access, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const WEB = fileURLToPath(new URL("../../web/", import.meta.url));
const SITE = fileURLToPath(new URL("../../artifacts/gallery/site/", import.meta.url));

/** As strict as the server's own (`http/headers.rs`): what works here needs no exception there. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";

const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };

/** Gives back its address, and `close`. */
export async function openGallery() {
  await access(`${WEB}node_modules/vite`).catch(() => {
    throw new Error(`The packages of the client are not there: run "npm ci" in ${WEB}.`);
  });
  await promisify(execFile)("npm", ["run", "--silent", "gallery:build"], { cwd: WEB });
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://gallery").pathname.replace(/\/$/, "/index.html");
    const kind = KINDS[extname(path)];
    try {
      if (!kind || path.includes("..")) throw new Error("unknown");
      const body = await readFile(SITE + path);
      response.writeHead(200, { "content-type": kind, "content-security-policy": POLICY }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

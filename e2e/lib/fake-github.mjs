// A GitHub of our own: a page on which somebody says yes, and the answers that a server asks for afterwards. It lives on
// another site than the server, as the real one does, so that browsers treat the cookies as they would.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

export async function startFakeGithub(user) {
  const codes = new Map();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const json = (body) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    switch (url.pathname) {
      case "/authorize": {
        const code = `code-${codes.size + 1}`;
        codes.set(code, url.searchParams.get("code_challenge"));
        const back = new URL(url.searchParams.get("redirect_uri"));
        back.searchParams.set("code", code);
        back.searchParams.set("state", url.searchParams.get("state"));
        response.setHeader("content-type", "text/html");
        const icon = '<link rel="icon" href="data:,">';
        return response.end(`<title>Not GitHub</title>${icon}<a href="${back.href.replaceAll("&", "&amp;")}">Yes</a>`);
      }
      case "/access_token": {
        const form = new URLSearchParams(await bodyOf(request));
        const challenge = createHash("sha256").update(form.get("code_verifier")).digest("base64url");
        const isRight = codes.get(form.get("code")) === challenge && form.get("client_secret") === "a secret";
        codes.delete(form.get("code"));
        return json(isRight ? { access_token: "gho_1", token_type: "bearer" } : { error: "bad_verification_code" });
      }
      case "/user":
        return json({ id: user.id, login: user.login, name: user.name });
      case "/user/emails":
        return json([{ email: user.email, primary: true, verified: true, visibility: null }]);
      default:
        return response.writeHead(404).end();
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // Another name of the same machine is another site.
  const url = `http://localhost:${server.address().port}`;
  return {
    url,
    settings: {
      "github-client-id": "Iv1.story",
      "github-client-secret": "a secret",
      "github-authorize-url": `${url}/authorize`,
      "github-token-url": `${url}/access_token`,
      "github-user-url": `${url}/user`,
      "github-emails-url": `${url}/user/emails`,
    },
    close: () => server.close(),
  };
}

async function bodyOf(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

// What a page complains about while a story runs: errors nobody caught, errors and warnings in the console, what the
// content security policy stopped, dialogs, script that came in with a text, and requests to anybody but the server. A
// story must end without any.

/** Runs in every page before its own code. `__xss` is what the hostile texts of the stories try to set or call. */
function watchInside() {
  document.addEventListener("securitypolicyviolation", (event) => {
    window.__complain(`the policy stopped ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
  Object.defineProperty(window, "__xss", {
    get: () => window.__complain("a text ran as script"),
    set: () => window.__complain("a text ran as script"),
  });
}

/** Asking who one is, without being signed in, is answered by 401, and the browser writes that down; and most stories are
 * played without a service worker. */
const USUAL = [/401 .*\/api\/v1\/me$/, /Service Worker registration blocked/];

/** What the browser writes when the server or the network is away, which is what some stories are about. */
const OUTAGE = [/net::ERR_(CONNECTION_|INTERNET_DISCONNECTED|EMPTY_RESPONSE|NETWORK_CHANGED|SOCKET_NOT_CONNECTED|FAILED)/, /WebSocket connection to .* failed/];

const OWN_PROTOCOLS = new Set(["data:", "blob:", "about:"]);

export class Complaints {
  #found = [];
  #allowed = [...USUAL];

  /** Watches every page of this context, now and later. `home` is the server, the only one a page may ask. */
  async watch(context, home) {
    await context.exposeBinding("__complain", (_, text) => this.#add(text));
    await context.addInitScript(watchInside);
    context.on("page", (page) => {
      page.on("pageerror", (error) => this.#add(`an error nobody caught: ${error.stack ?? error}`));
      page.on("dialog", (dialog) => {
        this.#add(`a dialog opened: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== home && !OWN_PROTOCOLS.has(protocol)) this.#add(`a request to ${request.url()}`);
      });
      page.on("console", (message) => {
        if (message.type() !== "error" && message.type() !== "warning") return;
        this.#add(`the console: ${message.text()} ${message.location().url}`);
      });
    });
  }

  /** From here on a complaint like this belongs to the story. */
  allow(...patterns) {
    this.#allowed.push(...patterns);
  }

  allowOutage() {
    this.allow(...OUTAGE);
  }

  /** What was complained about so far belonged to the story. */
  isHeardOut() {
    this.#found = [];
  }

  all() {
    return [...this.#found];
  }

  #add(text) {
    if (!this.#allowed.some((pattern) => pattern.test(text))) this.#found.push(text);
  }
}

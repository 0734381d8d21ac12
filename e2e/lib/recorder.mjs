// The browser's notifications, written down instead of shown: headless browsers show none.

/** Before the first page. `permission` is what the browser has been told, `answer` what it will be told when asked. */
export async function recordNotifications(person, { permission = "granted", answer = "granted" } = {}) {
  await person.context.addInitScript(record, { permission, answer });
}

/** Runs in every page before its own code. */
function record({ permission, answer }) {
  window.__told = [];
  window.__asked = 0;
  window.__tones = 0;
  window.__badge = null;
  const start = AudioScheduledSourceNode.prototype.start;
  AudioScheduledSourceNode.prototype.start = function (...when) {
    window.__tones += 1;
    return start.apply(this, when);
  };
  navigator.setAppBadge = async (count = "dot") => {
    window.__badge = count;
  };
  navigator.clearAppBadge = async () => {
    window.__badge = null;
  };
  const state = () => localStorage.getItem("test.permission") ?? permission;
  // A headless page always says that somebody looks at it.
  let isHere = true;
  document.hasFocus = () => isHere;
  window.__leave = () => {
    isHere = false;
    window.dispatchEvent(new Event("blur"));
  };
  window.focus = window.__return = () => {
    isHere = true;
    window.dispatchEvent(new Event("focus"));
  };
  window.Notification = class {
    static get permission() {
      return state();
    }

    static async requestPermission() {
      window.__asked += 1;
      localStorage.setItem("test.permission", answer);
      return answer;
    }

    constructor(title, options) {
      Object.assign(this, { title, ...options, isClosed: false });
      window.__told.push(this);
    }

    close() {
      this.isClosed = true;
      this.onclose?.();
    }
  };
}

/** What was told in this window, the oldest first. */
export function told({ page }) {
  return page.evaluate(() => window.__told.map(({ title, body, tag, isClosed }) => ({ title, body, tag, isClosed })));
}

/** Titles and texts alone. */
export async function words(person) {
  return (await told(person)).map(({ title, body }) => (body ? `${title} | ${body}` : title));
}

export function asked({ page }) {
  return page.evaluate(() => window.__asked);
}

/** How many tones have been played. */
export function tones({ page }) {
  return page.evaluate(() => window.__tones);
}

/** What stands on the picture of the installed app: a number, "dot" or nothing. */
export function badge({ page }) {
  return page.evaluate(() => window.__badge);
}

/** A click on the newest one. */
export function clicksLast({ page }) {
  return page.evaluate(() => window.__told.at(-1).onclick());
}

/** Somebody turns to another window, or comes back. */
export function looksAway({ page }) {
  return page.evaluate(() => window.__leave());
}

export function looksBack({ page }) {
  return page.evaluate(() => window.__return());
}

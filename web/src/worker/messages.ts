// What the page and its service worker say to each other.

/** One build of the client, as its worker knows it. Paths begin with a slash. */
export interface Build {
  /** Another one for every build that differs in anything. */
  version: string;
  /** The entry of its page. */
  script: string;
  /** What the page needs to open. */
  shell: readonly string[];
  /** What is loaded when it is wanted. */
  parts: readonly string[];
}

/** A page to a worker. */
export interface Greeting {
  /** The entry of the page, by which its build is known. */
  script: string;
  /** What the page has loaded. */
  used: readonly string[];
  /** Somebody asked for the newest build: the page is about to be loaded again. */
  wantsNewest: boolean;
}

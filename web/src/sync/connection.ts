// Keeps one socket open for as long as it may: connects, says hello, notices silence, and comes back after a
// break, soon but not with everyone else at once.
import type { ClientFrame, ServerFrame } from "../api/frames.ts";
import { retryDelay } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { CONNECT_MS, QUIET_MS, RETRY_CAP_MS, SIGN_MS, STEADY_MS } from "./limits.ts";
import type { Connection as Status } from "./state.ts";

/** One socket, as the network gives it. After `close()` none of the handlers is called any more. */
export interface Link {
  send(frame: ClientFrame): void;
  close(): void;
}

export interface LinkHandlers {
  opened(): void;
  frame(frame: ServerFrame): void;
  closed(code: number): void;
}

export type Connect = (handlers: LinkHandlers) => Link;

export interface ConnectionDeps {
  connect: Connect;
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  hello: () => ClientFrame;
  onFrame: (frame: ServerFrame) => void;
  onStatus: (status: Status) => void;
  /** The server closed before the welcome: is it the session? Says `false` when it is over. */
  isSignedIn: () => Promise<boolean>;
  onSignedOut: () => void;
}

export interface Connection {
  start(isOnline: boolean): void;
  stop(): void;
  /** `false`: there is no connection that could carry it. */
  send(frame: ClientFrame): boolean;
  /** The browser says whether there is a network. */
  network(isOnline: boolean): void;
  /** The page is looked at again: see at once whether the connection is still good. */
  nudge(): void;
  /** Something that should have been answered was not. */
  reconnect(): void;
}

/** Closed because the session ended. */
const SESSION_ENDED = 4001;
/** Closed because this account or address has too many connections: coming back soon makes it worse. */
const TOO_MANY = 4029;

export function createConnection(deps: ConnectionDeps): Connection {
  const { clock } = deps;
  let link: Link | null = null;
  let isRunning = false;
  let isLive = false;
  let attempt = 0;
  // What the server asked for in its goaway.
  let askedDelay: number | null = null;
  // Before this moment the server does not want us, whatever happens here.
  let notBefore = 0;
  const timers = { retry: noop, connect: noop, quiet: noop, steady: noop };

  function open(): void {
    drop();
    deps.onStatus({ phase: "connecting" });
    timers.connect = clock.after(CONNECT_MS, () => lost(0));
    link = deps.connect({
      opened: () => link?.send(deps.hello()),
      frame: hear,
      closed: lost,
    });
  }

  function hear(frame: ServerFrame): void {
    watch();
    if (frame.op === "goaway") {
      askedDelay = frame.retry_ms;
      lost(0);
      return;
    }
    // The copy takes the welcome first, so that whoever hears "live" finds it there.
    deps.onFrame(frame);
    if (frame.op === "welcome" && link) {
      timers.connect();
      isLive = true;
      timers.steady = clock.after(STEADY_MS, () => {
        attempt = 0;
      });
      deps.onStatus({ phase: "live" });
    }
  }

  /** Asks for a sign of life after some silence, and gives up when there is none. */
  function watch(): void {
    timers.quiet();
    timers.quiet = clock.after(QUIET_MS, ask);
  }

  function ask(): void {
    timers.quiet();
    if (!link) return;
    if (isLive) link.send({ op: "ping" });
    timers.quiet = clock.after(SIGN_MS, () => lost(0));
  }

  function lost(code: number): void {
    const wasLive = isLive;
    drop();
    if (!isRunning) return;
    if (code === SESSION_ENDED) {
      deps.onSignedOut();
      return;
    }
    if (!wasLive) void checkSession();
    if (code === TOO_MANY) askedDelay = Math.max(askedDelay ?? 0, RETRY_CAP_MS);
    if (askedDelay !== null) notBefore = clock.now() + askedDelay;
    const delay = askedDelay ?? retryDelay(attempt, deps.random);
    askedDelay = null;
    attempt += 1;
    wait(delay);
  }

  function wait(delay: number): void {
    timers.retry();
    deps.onStatus({ phase: "waiting", retryAt: clock.now() + delay });
    timers.retry = clock.after(delay, open);
  }

  /** Comes back before its time, unless the server asked for that time. */
  function hurry(): void {
    if (link) return;
    if (clock.now() >= notBefore) open();
    else wait(notBefore - clock.now());
  }

  async function checkSession(): Promise<void> {
    const isSignedIn = await deps.isSignedIn();
    if (!isSignedIn && isRunning) deps.onSignedOut();
  }

  function drop(): void {
    for (const cancel of Object.values(timers)) cancel();
    link?.close();
    link = null;
    isLive = false;
  }

  return {
    start(isOnline) {
      isRunning = true;
      if (isOnline) open();
      else deps.onStatus({ phase: "offline" });
    },
    stop() {
      isRunning = false;
      drop();
    },
    send(frame) {
      if (!isLive || !link) return false;
      link.send(frame);
      return true;
    },
    network(isOnline) {
      if (!isRunning) return;
      if (isOnline) {
        hurry();
        return;
      }
      drop();
      deps.onStatus({ phase: "offline" });
    },
    nudge() {
      if (!isRunning) return;
      if (isLive) ask();
      else hurry();
    },
    reconnect() {
      if (link) lost(0);
    },
  };
}

function noop(): void {}

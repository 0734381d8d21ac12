// Who uses this page: nobody yet, nobody, or somebody with a local copy at work. Everything else asks here.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { api } from "../api/calls.ts";
import { type ApiError, asApiError } from "../api/problem.ts";
import { openSocket } from "../api/socket.ts";
import type { Me, ServerInfo } from "../api/types.ts";
import { wallClock } from "../sync/clock.ts";
import { createKeeper } from "../sync/keeper.ts";
import type { State } from "../sync/state.ts";
import { createSync, type Sync } from "../sync/sync.ts";
import {
  clearKept,
  deletionEndedElsewhere,
  deletionStorage,
  outboxStorage,
  removedElsewhere,
} from "./kept.ts";
import { clearCopy, copyStore, ownCopy, readCopy } from "./kept-copy.ts";

export type Session =
  | { state: "starting" }
  | { state: "failed"; error: ApiError }
  | { state: "signed_out" }
  | { state: "signed_in"; sync: Sync };

export interface SessionControl {
  session: Session;
  server: ServerInfo | null;
  setServer: (server: ServerInfo) => void;
  /** After signing in, signing up or setting up. */
  enter: (me: Me) => void;
  /** Signs out on this device, and throws away what it kept for this account. */
  leave: () => Promise<void>;
  retry: () => void;
}

const SessionContext = createContext<SessionControl | null>(null);

export function useSession(): SessionControl {
  const control = useContext(SessionContext);
  if (!control) throw new Error("useSession is used outside of SessionProvider");
  return control;
}

/** The local copy of who is signed in. Only below the signed-in part of the page. */
export function useSync(): Sync {
  const { session } = useSession();
  if (session.state !== "signed_in") throw new Error("useSync is used where nobody is signed in");
  return session.sync;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: "starting" });
  const [server, setServer] = useState<ServerInfo | null>(null);
  const [attempt, setAttempt] = useState(0);

  const enter = useCallback((me: Me, kept: State | null = null) => {
    const onSignedOut = () => {
      void clearCopy();
      setSession({ state: "signed_out" });
    };
    // Nothing is written before the copy is this account's.
    void ownCopy(me.id);
    const sync = startSync({ me, kept, onSignedOut, onSomebodyElse: (other) => enter(other) });
    setSession({ state: "signed_in", sync });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt starts again.
  useEffect(() => {
    let isCurrent = true;
    setSession({ state: "starting" });
    const begin = async () => {
      const kept = await readCopy();
      if (!isCurrent) return;
      // What was kept is shown at once. The connection that follows tells whether the session still holds.
      if (kept?.me) return enter(kept.me, kept);
      const { server: info, me } = await whoIsThere();
      if (!isCurrent) return;
      setServer(info);
      if (me) enter(me);
      else setSession({ state: "signed_out" });
    };
    begin().catch((error) => {
      if (isCurrent) setSession({ state: "failed", error: asApiError(error) });
    });
    return () => {
      isCurrent = false;
    };
  }, [attempt, enter]);

  const sync = session.state === "signed_in" ? session.sync : null;
  useEffect(() => (sync ? watchBrowser(sync) : undefined), [sync]);
  useEffect(() => (sync ? keepCopy(sync) : undefined), [sync]);
  const isServerKnown = server !== null;
  useEffect(() => (sync && !isServerKnown ? askServer(sync, setServer) : undefined), [sync, isServerKnown]);

  const leave = useCallback(async () => {
    // What was deleted is deleted, and nobody else can say so to the server.
    sync?.deleteNow();
    await sync?.deletionsSettled();
    await api.signOut();
    const me = sync?.state().me;
    sync?.stop();
    if (me) clearKept(me.id);
    await clearCopy();
    setSession({ state: "signed_out" });
  }, [sync]);

  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  const control = useMemo(
    () => ({ session, server, setServer, enter, leave, retry }),
    [session, server, enter, leave, retry],
  );
  return <SessionContext value={control}>{children}</SessionContext>;
}

async function whoIsThere(): Promise<{ server: ServerInfo; me: Me | null }> {
  const me = api.me().catch((error: unknown) => {
    if (asApiError(error).isSignedOut) return null;
    throw error;
  });
  const [server, found] = await Promise.all([api.server(), me]);
  return { server, me: found };
}

interface Start {
  me: Me;
  kept: State | null;
  onSignedOut: () => void;
  onSomebodyElse: (me: Me) => void;
}

function startSync(start: Start): Sync {
  const sync = createSync({
    ...start,
    api,
    connect: openSocket,
    clock: wallClock,
    random: Math.random,
    fill: (bytes) => crypto.getRandomValues(bytes),
    storage: outboxStorage(start.me.id),
    deletionStorage: deletionStorage(start.me.id),
  });
  sync.start(navigator.onLine);
  return sync;
}

/** Has the copy written down as it changes, and a last time when the page goes. */
function keepCopy(sync: Sync): () => void {
  const whenIdle = (call: () => void) =>
    "requestIdleCallback" in window ? requestIdleCallback(call, { timeout: 2_000 }) : call();
  const keeper = createKeeper({ sync, clock: wallClock, store: copyStore, whenIdle });
  const watching = new AbortController();
  const { signal } = watching;
  window.addEventListener("pagehide", keeper.flush, { signal });
  document.addEventListener("visibilitychange", () => document.hidden && keeper.flush(), { signal });
  return () => {
    watching.abort();
    keeper.stop();
  };
}

/** Asks what the server is like as soon as there is a connection: whoever begins with a kept copy has not asked. */
function askServer(sync: Sync, take: (server: ServerInfo) => void): () => void {
  let wasLive = false;
  const look = () => {
    const isLive = sync.state().connection.phase === "live";
    // What does not come now comes with the next connection.
    if (isLive && !wasLive) api.server().then(take, () => {});
    wasLive = isLive;
  };
  look();
  return sync.subscribe(look);
}

/** The browser's own signs: the network, whether somebody looks, and what other windows have sent. */
function watchBrowser(sync: Sync): () => void {
  const watching = new AbortController();
  const { signal } = watching;
  window.addEventListener("online", () => sync.network(true), { signal });
  window.addEventListener("offline", () => sync.network(false), { signal });
  window.addEventListener(
    "storage",
    (event) => {
      const me = sync.state().me?.id ?? 0;
      const cid = removedElsewhere(me, event);
      if (cid) sync.discard(cid);
      const message = deletionEndedElsewhere(me, event);
      if (message) sync.take({ type: "deletion_over", message });
    },
    { signal },
  );
  const leave = () => {
    sync.deleteNow();
    sync.sayReads();
  };
  window.addEventListener("pagehide", leave, { signal });
  document.addEventListener("visibilitychange", () => !document.hidden && sync.nudge(), { signal });
  return () => watching.abort();
}

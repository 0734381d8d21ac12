// How things stand with the server, in words: one answer for every place that shows it.
import { useEffect, useState } from "react";
import { t } from "../i18n/words.ts";
import { momentName } from "../lib/time.ts";
import { type Connection, isBehind } from "../sync/state.ts";
import { useCopy } from "./copy.ts";

export interface Status {
  text: string;
  /** The same without numbers that change every second, for screen readers. */
  spoken: string;
  isLive: boolean;
  /** From when what is shown is, if this page has not had a connection yet. */
  keptFrom: string | null;
  /** Waits for the moment to try again: one can try at once. */
  canHurry: boolean;
  /** Everything is here, and everything is sent. */
  isDone: boolean;
}

export function useStatus(): Status {
  const connection = useCopy((state) => state.connection);
  const isBusy = useCopy((state) =>
    Object.values(state.conversations).some((it) => it.window && isBehind(it)),
  );
  const unsent = useCopy(({ outbox, deletions }) => {
    return (
      outbox.filter((it) => it.state === "queued" || it.state === "sending").length +
      deletions.filter((it) => it.state === "due" || it.state === "sending").length
    );
  });
  const failed = useCopy((state) => state.outbox.filter((it) => it.state === "failed").length);
  const isCatchingUp = useLasting(isBusy);
  const isSending = useLasting(unsent > 0);
  const seconds = useSecondsUntil(connection);
  const isLive = connection.phase === "live";

  const wasLive = useWasTrue(isLive);
  const lost = t(wasLive ? "app.status-lost" : "app.status-connecting");

  const heardAt = useCopy((state) => state.heardAt);
  const isOld = !wasLive && heardAt !== null;
  const keptFrom = isOld ? t("app.kept-from", { time: momentName(heardAt) }) : null;
  const waiting = unsent > 0 ? t("app.status-waiting", { count: unsent }) : null;
  const stuck = failed > 0 ? t("app.status-failed", { count: failed }) : null;
  const join = (...parts: (string | null)[]) => parts.filter(Boolean).join(" · ");
  const rest = { isLive, keptFrom, canHurry: false, isDone: false };
  if (isLive) {
    if (isCatchingUp) {
      return { ...rest, text: t("app.status-behind"), spoken: t("app.status-behind-spoken") };
    }
    const sending = isSending ? t("app.status-sending", { count: unsent }) : null;
    const online = t("app.status-online");
    return {
      ...rest,
      text: join(online, sending ?? stuck ?? t("app.status-done")),
      spoken: join(online, stuck ?? t("app.status-done")),
      isDone: !isBusy && unsent === 0,
    };
  }
  if (connection.phase === "offline") {
    const text = join(t("app.status-offline"), waiting, stuck);
    return { ...rest, text, spoken: join(text, keptFrom) };
  }
  // Trying and waiting take turns: said once, not with every turn.
  const spoken = join(lost, waiting);
  if (connection.phase === "waiting" && seconds > 0) {
    const text = join(t("app.status-reconnecting-in", { seconds }), waiting);
    return { ...rest, text, spoken, canHurry: true };
  }
  const trying = t(wasLive ? "app.status-reconnecting" : "app.status-connecting-now");
  return { ...rest, text: join(trying, waiting), spoken };
}

/** Whether it has been true since it is watched. */
function useWasTrue(value: boolean): boolean {
  const [was, setWas] = useState(value);
  useEffect(() => {
    if (value) setWas(true);
  }, [value]);
  return was || value;
}

/** True once it has been true for a moment: what is over at once need not be shown. */
function useLasting(value: boolean, ms = 800): boolean {
  const [isLasting, setIsLasting] = useState(false);
  useEffect(() => {
    if (!value) {
      setIsLasting(false);
      return;
    }
    const timer = setTimeout(() => setIsLasting(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return isLasting;
}

function useSecondsUntil(connection: Connection): number {
  const [now, setNow] = useState(() => Date.now());
  const until = connection.phase === "waiting" ? connection.retryAt : null;
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1_000));
}

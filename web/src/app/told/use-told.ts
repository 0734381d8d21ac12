// Tells what happens while nobody looks: by a notification, by a sound, and takes back what was seen meanwhile.
import { useEffect } from "react";
import { useLocation } from "wouter";
import { api } from "../../api/calls.ts";
import type { Membership } from "../../api/types.ts";
import { isLookedAt } from "../../features/conversation/use-reading.ts";
import { t } from "../../i18n/words.ts";
import { linkTo } from "../../lib/links.ts";
import { nameIn } from "../../lib/names.ts";
import type { State } from "../../sync/state.ts";
import { notify, offer } from "../../ui/toasts.tsx";
import { useCopy, useMe } from "../copy.ts";
import { useSync } from "../session.tsx";
import { lookAt, once } from "./once.ts";
import { askPermission, permission } from "./permission.ts";
import { isQuiet, prefer, preferences } from "./preferences.ts";
import { markOf, type Notice, noticesOf, wordsOf } from "./rules.ts";
import { show, withdraw, withdrawAll } from "./show.ts";

export function useTold(): void {
  const sync = useSync();
  const [, go] = useLocation();
  useEffect(() => {
    let before = sync.state();
    const stop = sync.subscribe(() => {
      const after = sync.state();
      const eyes = isLookedAt() ? after.open : null;
      const here = { level: preferences().level, lookedAt: eyes, now: Date.now() };
      for (const notice of noticesOf(before, after, here)) void tell(after, notice, go);
      withdrawSeen(before, after);
      before = after;
    });
    return () => {
      stop();
      withdrawAll();
    };
  }, [sync, go]);
  useLooking();
}

async function tell(state: State, notice: Notice, go: (path: string) => void): Promise<void> {
  const me = state.me?.id ?? 0;
  const { conversation, kind, message } = notice;
  const summary = state.conversations[conversation]?.summary;
  if (!summary) return;
  const what = kind === "request" ? "request" : "message";
  const asking = what === "request" ? await whoAsks(state, conversation) : null;
  const author = message?.author ?? asking?.account;
  await once(me, conversation, what, markOf(notice, asking), () => {
    const { hidesText, sound, wasOffered } = preferences();
    if (isQuiet(preferences(), Date.now())) return;
    const words = wordsOf({
      notice,
      place: summary.with ? nameIn(state.names, summary.with) : (summary.name ?? t("app.conversation")),
      who: author ? nameIn(state.names, author) : null,
      hidesText,
    });
    const path = message ? linkTo(conversation, message.seq) : `/c/${conversation}/details`;
    show({ account: me, conversation, what, words, isSilent: sound, onClick: () => go(path) });
    // Where it cannot be loaded or played, it is quiet.
    if (sound) import("./sound.ts").then(({ playSound }) => playSound()).catch(() => {});
    if (kind === "direct" && !wasOffered && permission() === "default") offerNotifications();
  });
}

/** Asked once, when there is a reason; the answer can be changed in the settings. */
function offerNotifications(): void {
  prefer({ wasOffered: true });
  offer(t("told.offer"), {
    label: t("told.offer-yes"),
    async perform() {
      const answer = await askPermission();
      if (answer === "granted") notify(t("told.granted"));
      else if (answer === "denied") notify(t("told.denied"));
    },
  });
}

/** The one who asked last. */
async function whoAsks(state: State, conversation: number): Promise<Membership | null> {
  const held = state.conversations[conversation]?.pending;
  const pending = held ?? (await api.members(conversation, "pending").catch(() => []));
  return pending.reduce<Membership | null>((last, one) => {
    return last && last.joined_at >= one.joined_at ? last : one;
  }, null);
}

function withdrawSeen(before: State, after: State): void {
  const me = after.me?.id ?? 0;
  if (before.conversations === after.conversations) return;
  for (const { summary } of Object.values(before.conversations)) {
    const now = after.conversations[summary.id]?.summary;
    if (now === summary) continue;
    if (summary.unread > 0 && !now?.unread) withdraw(me, summary.id, "message");
    if (summary.pending_count > 0 && !now?.pending_count) withdraw(me, summary.id, "request");
  }
}

/** The other windows leave to us what is looked at here. */
function useLooking(): void {
  const me = useMe().id;
  const open = useCopy((state) => state.open);
  useEffect(() => {
    if (open === null) return;
    let end: (() => void) | null = null;
    const look = () => {
      if (isLookedAt()) {
        end ??= lookAt(me, open);
        return;
      }
      end?.();
      end = null;
    };
    look();
    const watching = new AbortController();
    const { signal } = watching;
    window.addEventListener("focus", look, { signal });
    window.addEventListener("blur", look, { signal });
    document.addEventListener("visibilitychange", look, { signal });
    return () => {
      watching.abort();
      end?.();
    };
  }, [me, open]);
}

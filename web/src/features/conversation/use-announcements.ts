// New messages of the open conversation are said once to screen readers, politely.
import { useEffect, useRef } from "react";
import { useNames } from "../../app/copy.ts";
import { t } from "../../i18n/words.ts";
import { oneLine } from "../../lib/text.ts";
import type { Conversation } from "../../sync/state.ts";
import { announce } from "../../ui/live.tsx";

/** Of one message; the rest can be read there. */
const SPOKEN_CHARS = 300;
/** Beyond so many at once only their number is said. */
const SPOKEN_AT_ONCE = 3;

export function useAnnouncements({ window, summary }: Conversation, me: number): void {
  const nameOf = useNames();
  const said = useRef<number | null>(null);
  useEffect(() => {
    if (!window) return;
    const last = summary.last_seq;
    const from = said.current;
    said.current = last;
    // What was there when one came in is read, not announced.
    if (from === null || last <= from) return;
    const fresh = window.messages.filter((it) => it.seq > from && it.author.id !== me && it.body !== null);
    if (fresh.length > SPOKEN_AT_ONCE) announce(t("conversation.new-messages", { count: fresh.length }));
    else {
      for (const it of fresh) {
        const text = oneLine(it.body ?? "", SPOKEN_CHARS);
        announce(t("conversation.announced", { name: nameOf(it.author), text }));
      }
    }
  }, [window, summary.last_seq, me, nameOf]);
}

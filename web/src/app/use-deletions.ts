// Whatever was deleted here can be taken back for a moment, wherever one is; and what could not be deleted is told.
import { useEffect, useRef } from "react";
import { explainKept } from "../actions/action.ts";
import { t } from "../i18n/words.ts";
import { notify, offerUndo } from "../ui/toasts.tsx";
import { useCopy } from "./copy.ts";
import { useSync } from "./session.tsx";

export function useDeletions(): void {
  const sync = useSync();
  const deletions = useCopy((state) => state.deletions);
  /** By message: takes the offer away. */
  const offers = useRef(new Map<number, () => void>());

  useEffect(() => {
    const waiting = new Set(deletions.filter((it) => it.state === "waiting").map(({ message }) => message));
    for (const [message, withdraw] of offers.current) {
      if (waiting.has(message)) continue;
      withdraw();
      offers.current.delete(message);
    }
    for (const message of waiting) {
      if (offers.current.has(message)) continue;
      const withdraw = offerUndo(t("actions.deleted"), {
        label: t("actions.undo"),
        perform: () => sync.undelete(message),
        settle: () => sync.deleteNow(message),
      });
      offers.current.set(message, withdraw);
    }
    for (const { message, error } of deletions) {
      // Only what has failed for good has one.
      if (!error) continue;
      sync.undelete(message);
      notify(t("actions.delete-failed", { reason: explainKept(error) }), true);
    }
  }, [deletions, sync]);

  useEffect(() => {
    const { current: all } = offers;
    return () => {
      for (const withdraw of all.values()) withdraw();
      all.clear();
    };
  }, []);
}

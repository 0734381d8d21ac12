// What a message answers: a line of the original, which leads to it.
import { useEffect, useState } from "react";
import { api } from "../../api/calls.ts";
import { asApiError } from "../../api/problem.ts";
import type { Message } from "../../api/types.ts";
import { useNames } from "../../app/copy.ts";
import { bold, hidden, isolated } from "../../i18n/parts.tsx";
import { type Parts, Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { oneLine } from "../../lib/text.ts";

/** Originals outside of what is held, fetched once. Old ones are forgotten first. */
const fetched = new Map<number, Promise<Message | null | undefined>>();
const FETCHED_MAX = 200;

const PREVIEW_CHARS = 140;

export interface QuoteProps {
  id: number;
  /** The original, when it is among the messages held. */
  held: Message | undefined;
  isActive: boolean;
  onJump: (message: Message) => void;
}

const PARTS: Parts = {
  hidden,
  name: bold,
  text: isolated,
  gone: (words) => <i>{words}</i>,
};

export function Quote({ id, held, isActive, onJump }: QuoteProps) {
  const nameOf = useNames();
  const original = useOriginal(id, held);
  if (original === undefined) return <span className="quote">…</span>;
  if (original === null) return <span className="quote">{t("conversation.quote-missing")}</span>;
  const { body, author } = original;
  return (
    <button type="button" className="quote" tabIndex={isActive ? 0 : -1} onClick={() => onJump(original)}>
      <Rich
        id={body === null ? "conversation.quote-deleted" : "conversation.quote"}
        values={{ name: nameOf(author), text: oneLine(body ?? "", PREVIEW_CHARS) }}
        parts={PARTS}
      />
    </button>
  );
}

function useOriginal(id: number, held: Message | undefined): Message | null | undefined {
  const [found, setFound] = useState<Message | null>();
  const isHeld = held !== undefined;
  useEffect(() => {
    if (isHeld) return;
    let isCurrent = true;
    void fetchOnce(id).then((message) => isCurrent && setFound(message));
    return () => {
      isCurrent = false;
    };
  }, [id, isHeld]);
  return held ?? found;
}

/** `undefined`: it could not be asked for. */
function fetchOnce(id: number): Promise<Message | null | undefined> {
  const known = fetched.get(id);
  if (known) return known;
  const asked = api.message(id).catch((error: unknown) => {
    fetched.delete(id);
    return asApiError(error).code === "network" ? undefined : null;
  });
  fetched.set(id, asked);
  const oldest = fetched.keys().next().value;
  if (fetched.size > FETCHED_MAX && oldest !== undefined) fetched.delete(oldest);
  return asked;
}

// The emoji under a message, with how many and who; pressing one joins in or takes it back.
import { useRef, useState } from "react";
import type { Message } from "../../api/types.ts";
import { formatList } from "../../i18n/formats.ts";
import { t } from "../../i18n/words.ts";
import { listOf } from "../../lib/names.ts";
import { Tip } from "../../ui/tip.tsx";

export interface ReactionsProps {
  message: Message;
  me: number;
  nameOf: (account: number) => string | null;
  isActive: boolean;
  /** Absent where nothing can be changed. */
  onToggle?: ((emoji: string) => void) | undefined;
  /** To the list of everybody who reacted. */
  onAll: () => void;
}

/** Names that the tip shows; the list has the others. */
const NAMES_MAX = 8;
/** Long enough that a pointer on its way elsewhere opens nothing. */
const HOVER_MS = 250;
/** So long the pointer may be neither on the emoji nor on its tip. */
const LEAVE_MS = 200;

export function Reactions({ message, me, nameOf, isActive, onToggle, onAll }: ReactionsProps) {
  const tip = useTip();
  if (message.reactions.length === 0) return null;
  const open = message.reactions.find(({ emoji }) => emoji === tip.open?.key);
  return (
    <div className="reactions">
      {message.reactions.map(({ emoji, accounts }) => {
        const isMine = accounts.includes(me);
        const names = whoText(accounts, me, nameOf);
        return (
          <button
            key={emoji}
            type="button"
            className={isMine ? "reaction on" : "reaction"}
            aria-pressed={isMine}
            aria-label={t("conversation.reaction", {
              emoji,
              count: accounts.length,
              names,
            })}
            tabIndex={isActive ? 0 : -1}
            aria-disabled={!onToggle || undefined}
            onClick={() => onToggle?.(emoji)}
            onPointerEnter={(event) => {
              if (event.pointerType === "mouse") tip.soon(emoji, event.currentTarget);
            }}
            onPointerLeave={tip.close}
            onFocus={(event) => {
              if (event.currentTarget.matches(":focus-visible")) tip.soon(emoji, event.currentTarget);
            }}
            onBlur={tip.close}
          >
            <span aria-hidden="true">
              {emoji} {accounts.length}
            </span>
          </button>
        );
      })}
      {open && tip.open && (
        <Tip anchor={tip.open.anchor} onStay={tip.stay} onLeave={tip.close} onClose={tip.shut}>
          <span className="tip-emoji">{open.emoji}</span>
          <span>
            {formatList(namesOf(open.accounts, me, nameOf).slice(0, NAMES_MAX), "unit")}
            {open.accounts.length > NAMES_MAX && (
              <button type="button" className="tip-more" tabIndex={-1} onClick={onAll}>
                {t("conversation.and-others", { count: open.accounts.length - NAMES_MAX })}
              </button>
            )}
          </span>
        </Tip>
      )}
    </div>
  );
}

interface OpenTip {
  key: string;
  anchor: HTMLElement;
}

/** Which tip is open: it opens a moment after one has come, and closes a moment after one has left. */
function useTip() {
  const [open, setOpen] = useState<OpenTip | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (next: OpenTip | null, ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), ms);
  };
  return {
    open,
    soon: (key: string, anchor: HTMLElement) => later({ key, anchor }, HOVER_MS),
    stay: () => clearTimeout(timer.current),
    close: () => later(null, LEAVE_MS),
    shut() {
      clearTimeout(timer.current);
      setOpen(null);
    },
  };
}

function whoText(
  accounts: readonly number[],
  me: number,
  nameOf: (account: number) => string | null,
): string {
  return listOf(namesOf(accounts, me, nameOf), NAMES_MAX);
}

/** Who is known first; the others have left. */
function namesOf(
  accounts: readonly number[],
  me: number,
  nameOf: (account: number) => string | null,
): string[] {
  const named = accounts
    .map((id) => (id === me ? t("conversation.you") : nameOf(id)))
    .filter((name) => name !== null);
  return [
    ...named,
    ...Array.from({ length: accounts.length - named.length }, () => t("conversation.somebody")),
  ];
}

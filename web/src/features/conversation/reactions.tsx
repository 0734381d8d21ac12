// The emoji under a message, with how many and who; pressing one joins in or takes it back.
import type { Message } from "../../api/types.ts";
import { listOf } from "../../lib/names.ts";

export interface ReactionsProps {
  message: Message;
  me: number;
  nameOf: (account: number) => string | null;
  isActive: boolean;
  /** Absent where nothing can be changed. */
  onToggle?: ((emoji: string) => void) | undefined;
}

export function Reactions({ message, me, nameOf, isActive, onToggle }: ReactionsProps) {
  if (message.reactions.length === 0) return null;
  return (
    <div className="reactions">
      {message.reactions.map(({ emoji, accounts }) => {
        const isMine = accounts.includes(me);
        const who = whoText(accounts, me, nameOf);
        return (
          <button
            key={emoji}
            type="button"
            className={isMine ? "reaction on" : "reaction"}
            aria-pressed={isMine}
            aria-label={`${emoji} ${accounts.length}, ${who}`}
            title={who}
            tabIndex={isActive ? 0 : -1}
            disabled={!onToggle}
            onClick={() => onToggle?.(emoji)}
          >
            <span aria-hidden="true">
              {emoji} {accounts.length}
            </span>
          </button>
        );
      })}
    </div>
  );
}

function whoText(
  accounts: readonly number[],
  me: number,
  nameOf: (account: number) => string | null,
): string {
  const named = accounts.map((id) => (id === me ? "You" : nameOf(id))).filter((name) => name !== null);
  const unknown = accounts.length - named.length;
  const names = unknown > 0 ? [...named, ...Array.from({ length: unknown }, () => "somebody")] : named;
  return listOf(names, 5);
}

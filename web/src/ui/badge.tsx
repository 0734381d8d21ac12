// A count on something: short for the eye, in words for the screen reader.
import "./badge.css";

/** Above it nobody counts. */
const COUNT_MAX = 99;

export interface BadgeProps {
  /** What stands on it, a few letters; see `shorten`. */
  shown: string;
  /** The same in words, "3 unread" for instance; without, they stand beside it. */
  words?: string;
  /** It wants the reader; otherwise it only tells. */
  wants?: boolean;
}

export function Badge({ shown, words, wants = false }: BadgeProps) {
  return (
    <span className={wants ? "badge wants" : "badge"}>
      <span aria-hidden="true">{shown}</span>
      {words && <span className="hidden-text">{words}</span>}
    </span>
  );
}

export function shorten(count: number): string {
  return count > COUNT_MAX ? `${COUNT_MAX}+` : String(count);
}

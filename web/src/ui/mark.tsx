// The mark: two nested doorways, the inner one a speech bubble.
import "./mark.css";

/** In a square of 26. */
export const MARK_PATHS = [
  "M4 22V11a9 9 0 0 1 18 0v11",
  "M8.5 22v-9.5a4.5 4.5 0 0 1 9 0V18",
  "M17.5 18l-3.2 3.4V18h-1.8",
] as const;

export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg
      className="mark"
      width={size}
      height={size}
      viewBox="0 0 26 26"
      fill="none"
      stroke="currentColor"
      strokeWidth={2.2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {MARK_PATHS.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

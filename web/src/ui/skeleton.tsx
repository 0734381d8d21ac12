// Grey bars where something is about to be. Only after a moment: what comes at once should not flicker.
import { type ReactNode, useEffect, useState } from "react";
import "./skeleton.css";

const AFTER_MS = 300;

/** `true` once so much time has passed. */
export function useIsLate(ms = AFTER_MS): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isLate;
}

export function Skeleton({
  label,
  rows = 5,
  round = false,
}: {
  label: string;
  rows?: number;
  round?: boolean;
}) {
  const isLate = useIsLate();
  if (!isLate) return null;
  const widths = [62, 38, 74, 46, 55, 33];
  return (
    <div className="skeleton" role="status">
      <span className="hidden-text">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change places.
        <div key={row} className="skeleton-row" aria-hidden="true">
          {round && <span className="skeleton-dot" />}
          <span className="skeleton-bar" style={{ width: `${widths[row % widths.length]}%` }} />
        </div>
      ))}
    </div>
  );
}

/** What a place says when it is empty or broken, with what to do next. */
export function Notice({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div className="notice">
      {title && <h2>{title}</h2>}
      {children}
    </div>
  );
}

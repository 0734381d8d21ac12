// Something is being done. Only after a moment: what comes at once should not flicker.
import { useIsLate } from "./skeleton.tsx";
import "./spinner.css";

/** `label` is said, and shown beside it unless `isLabelHidden`. */
export function Spinner({ label, isLabelHidden = false }: { label: string; isLabelHidden?: boolean }) {
  const isLate = useIsLate();
  if (!isLate) return null;
  return (
    <span className="spinner-line" role="status">
      <span className="spinner" aria-hidden="true" />
      <span className={isLabelHidden ? "hidden-text" : undefined}>{label}</span>
    </span>
  );
}

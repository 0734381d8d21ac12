// A part of the list under a heading that folds it up.
import { ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";

export interface SectionProps {
  title: string;
  isCollapsed: boolean;
  onCollapse: (isCollapsed: boolean) => void;
  /** Stands at the end of the heading. */
  button?: ReactNode;
  children: ReactNode;
}

export function Section({ title, isCollapsed, onCollapse, button, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className="side-head">
        <h2 id={id}>
          <button type="button" aria-expanded={!isCollapsed} onClick={() => onCollapse(!isCollapsed)}>
            {title}
            <ChevronDown size={14} strokeWidth={2} aria-hidden="true" />
          </button>
        </h2>
        {button}
      </div>
      <ul>{children}</ul>
    </section>
  );
}

export function Empty({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <li>
      <button type="button" className="row row-empty" onClick={onClick}>
        <span className="sign" aria-hidden="true">
          +
        </span>
        {children}
      </button>
    </li>
  );
}

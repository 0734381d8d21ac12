// One part of the details, with its title, a count or a word beside it, and a button at its end.
import { type ReactNode, useId } from "react";

export interface SectionProps {
  title: string;
  note?: string;
  button?: ReactNode;
  children: ReactNode;
}

export function Section({ title, note, button, children }: SectionProps) {
  const id = useId();
  return (
    <section className="panel-section" aria-labelledby={id}>
      <div className="panel-title">
        <h3 id={id}>
          {title} {note && <span className="role">{note}</span>}
        </h3>
        {button}
      </div>
      {children}
    </section>
  );
}

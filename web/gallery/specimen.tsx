// One thing in one state, with its name above it. Tests find it by `data-specimen`.
import { type ReactNode, useId, useState } from "react";

export function Wall({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="gallery-wall" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className="gallery-grid">{children}</div>
    </section>
  );
}

export function Specimen({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="specimen">
      <h3>{name}</h3>
      <div className="specimen-stage" data-specimen={name}>
        {children}
      </div>
    </div>
  );
}

/** Something with a value, which it keeps. */
export function Held<Value>({
  initial,
  children,
}: {
  initial: Value;
  children: (value: Value, change: (value: Value) => void) => ReactNode;
}) {
  const [value, setValue] = useState(initial);
  return children(value, setValue);
}

/** Words that fit nowhere. */
export const LONG = "A sentence that goes on for longer than anybody who made room for it had thought";
export const LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
/** "A short sentence in a script that is written from right to left." Its width depends on the fonts of the machine. */
export const ARABIC = "جملة قصيرة بخط يُكتب من اليمين إلى اليسار";

export function nothing(): void {}

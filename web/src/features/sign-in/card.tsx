// One card on the wall, the mark above, one thing to do: the frame of every page for those who are not in yet.
import type { ReactNode } from "react";
import { Mark } from "../../ui/mark.tsx";
import "./sign-in.css";

export function Card({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  return (
    <main className="outside">
      <p className="outside-brand">
        <Mark size={36} />
        <span>Parlor</span>
      </p>
      <div className="card">
        <h1>{title}</h1>
        {children}
      </div>
      {foot && <p className="outside-foot">{foot}</p>}
    </main>
  );
}

// A word or two about what stands before it.
import type { ReactNode } from "react";
import "./tag.css";

export function Tag({ bad = false, children }: { bad?: boolean; children: ReactNode }) {
  return <span className={bad ? "tag bad" : "tag"}>{children}</span>;
}

// Somebody's name, as a button that shows who they are.
import type { ReactNode } from "react";
import type { Author } from "../../api/types.ts";
import { useProfiles } from "../../app/profiles.ts";
import "./person-button.css";

export interface PersonButtonProps {
  account: Author;
  /** The conversation in which one asks; `null`: elsewhere. */
  conversation: number | null;
  children: ReactNode;
}

export function PersonButton({ account, conversation, children }: PersonButtonProps) {
  const profiles = useProfiles();
  return (
    <button
      type="button"
      className="person"
      aria-haspopup="dialog"
      onClick={(event) => profiles.open({ account, conversation, under: event.currentTarget })}
    >
      {children}
    </button>
  );
}

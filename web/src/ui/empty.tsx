// What an empty place says: one sentence on what to do next, and the button that does it.
import type { LucideIcon } from "lucide-react";
import { Button } from "./button.tsx";
import "./empty.css";

export interface EmptyProps {
  text: string;
  icon?: LucideIcon;
  action?: { label: string; icon?: LucideIcon; busy?: boolean; perform: () => void };
}

export function Empty({ text, icon: Icon, action }: EmptyProps) {
  return (
    <div className="empty">
      {Icon && <Icon size={28} strokeWidth={1.5} aria-hidden="true" />}
      <p>{text}</p>
      {action && (
        <Button
          {...(action.icon && { icon: action.icon })}
          busy={action.busy ?? false}
          onClick={action.perform}
        >
          {action.label}
        </Button>
      )}
    </div>
  );
}

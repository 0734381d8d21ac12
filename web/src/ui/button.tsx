// Buttons: one strong, one plain, one that destroys; and a square one with a picture, whose name is a tooltip too.
import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";
import { capsOf } from "../lib/keys.ts";
import "./button.css";
import "./spinner.css";

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className">;

export interface ButtonProps extends Native {
  look?: "strong" | "plain" | "quiet" | "danger";
  /** Shows that it is working and cannot be pressed again. */
  busy?: boolean;
  icon?: LucideIcon;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = "plain",
  busy = false,
  icon: Icon,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button ${look}`}
      data-autofocus={rest.autoFocus || undefined}
      disabled={disabled && !busy}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : rest.onClick?.(event))}
    >
      {busy ? (
        <span className="spinner" aria-hidden="true" />
      ) : (
        Icon && <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      )}
      <span>{children}</span>
    </button>
  );
}

export interface IconButtonProps extends Native {
  icon: LucideIcon;
  /** What it does; said by the screen reader and shown as a tooltip. */
  label: string;
  /** Keys that do the same, for the tooltip. */
  shortcut?: string | undefined;
  /** Where the tooltip opens. `left` is where the line begins: in writing from right to left, the right. */
  tip?: "below" | "above" | "left";
  size?: number;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  tip = "below",
  size = 20,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className="icon-button"
      aria-label={label}
      aria-keyshortcuts={shortcut?.replaceAll("Ctrl", "Control").replaceAll(" ", "+")}
      data-tip-side={tip}
      data-tip={shortcut ? `${label} · ${capsOf(shortcut).join(" ")}` : label}
    >
      <Icon size={size} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

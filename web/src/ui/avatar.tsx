// A round sign for somebody: initials on a colour, and a dot whose shape says whether they are there.
import "./avatar.css";

export interface AvatarProps {
  initials: string;
  /** Degrees of the colour wheel. */
  hue: number;
  size?: "small" | "large";
  /** Filled: there. Hollow: not there. Absent: not known. */
  dot?: "filled" | "hollow" | undefined;
}

export function Avatar({ initials, hue, size = "small", dot }: AvatarProps) {
  return (
    <span className={`avatar ${size}`} style={{ "--hue": hue } as React.CSSProperties} aria-hidden="true">
      {initials || "·"}
      {dot && <i className={dot} />}
    </span>
  );
}

// One thing that is so or is not.
import { type ReactNode, useId } from "react";
import "./check.css";

export interface CheckProps {
  label: string;
  hint?: ReactNode;
  value: boolean;
  onChange: (value: boolean) => void;
}

export function Check({ label, hint, value, onChange }: CheckProps) {
  const id = useId();
  return (
    <div className="tick">
      <label>
        <input
          type="checkbox"
          checked={value}
          aria-describedby={hint ? id : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{label}</span>
      </label>
      {hint && (
        <p className="hint" id={id}>
          {hint}
        </p>
      )}
    </div>
  );
}

// One of a few, side by side in one frame: a group of radio buttons, with the keys that those have.
import type { LucideIcon } from "lucide-react";
import { useId } from "react";
import "./segmented.css";

export interface SegmentedProps<Value extends string> {
  label: string;
  /** The label is said but not shown, where the place says it already. */
  isLabelHidden?: boolean;
  value: Value;
  choices: readonly { value: Value; label: string; icon?: LucideIcon }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}

export function Segmented<Value extends string>({
  label,
  isLabelHidden = false,
  value,
  choices,
  onChange,
  disabled,
}: SegmentedProps<Value>) {
  const id = useId();
  return (
    <fieldset className="segmented" disabled={disabled}>
      <legend className={isLabelHidden ? "hidden-text" : undefined}>{label}</legend>
      <div className="segments">
        {choices.map(({ value: own, label: name, icon: Icon }) => (
          <label key={own}>
            <input
              type="radio"
              name={id}
              value={own}
              checked={own === value}
              onChange={() => onChange(own)}
            />
            {Icon && <Icon size={18} strokeWidth={1.75} aria-hidden="true" />}
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

// One of many: the browser's own list, with a label, a hint and an error like every field.
import { ChevronDown } from "lucide-react";
import { useId } from "react";
import { type Around, described, Frame } from "./field.tsx";
import "./select.css";

export interface SelectProps<Value extends string> extends Around {
  value: Value;
  /** `language`: of the label, where it is not the page's. */
  choices: readonly { value: Value; label: string; language?: string }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}

export function Select<Value extends string>({
  label,
  hint,
  error,
  value,
  choices,
  onChange,
  disabled,
}: SelectProps<Value>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <div className="select">
        <select
          {...described(id, hint, error)}
          className="input"
          value={value}
          disabled={disabled}
          onChange={(event) => {
            const chosen = choices.find((choice) => choice.value === event.target.value);
            if (chosen) onChange(chosen.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} lang={choice.language}>
              {choice.label}
            </option>
          ))}
        </select>
        <ChevronDown size={18} strokeWidth={1.75} aria-hidden="true" />
      </div>
    </Frame>
  );
}

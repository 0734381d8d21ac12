// Labelled fields whose hint and error belong to them, for the eye and for the screen reader.
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import "./field.css";

export interface Around {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
}

export interface FieldProps extends Around, Omit<InputHTMLAttributes<HTMLInputElement>, "className"> {
  ref?: Ref<HTMLInputElement>;
}

export function Field({ label, hint, error, ...rest }: FieldProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        {...rest}
        {...described(id, hint, error)}
        data-autofocus={rest.autoFocus || undefined}
        className="input"
      />
    </Frame>
  );
}

export interface AreaProps extends Around, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "className"> {}

export function Area({ label, hint, error, ...rest }: AreaProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea {...rest} {...described(id, hint, error)} className="input" />
    </Frame>
  );
}

export interface ChoiceProps<Value extends string> extends Around {
  value: Value;
  choices: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}

/** One of a few, all visible. */
export function Choice<Value extends string>({
  label,
  hint,
  value,
  choices,
  onChange,
  disabled,
}: ChoiceProps<Value>) {
  const id = useId();
  return (
    <fieldset className="choice" disabled={disabled} aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend>{label}</legend>
      <div className="choice-row">
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </fieldset>
  );
}

export function Frame({ id, label, hint, error, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {error ? (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      ) : (
        hint && (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

export function described(id: string, hint: ReactNode, error: string | null | undefined) {
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return { id, "aria-invalid": error ? true : undefined, "aria-describedby": described };
}

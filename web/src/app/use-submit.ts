// A form under way: busy while it is, and afterwards what was refused, by field.
import { type FormEvent, useRef, useState } from "react";
import { explain } from "../actions/action.ts";
import { type ApiError, asApiError } from "../api/problem.ts";

export interface Submit {
  busy: boolean;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** What was wrong with this field. */
  errorOf: (field: string) => string | null;
  /** What was wrong with none of these fields. */
  errorBeside: (...fields: string[]) => string | null;
}

export function useSubmit(send: (form: FormData) => Promise<void>): Submit {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const isBusy = useRef(false);

  async function submit(form: HTMLFormElement): Promise<void> {
    if (isBusy.current) return;
    isBusy.current = true;
    setBusy(true);
    setError(null);
    try {
      await send(new FormData(form));
    } catch (thrown) {
      const refused = asApiError(thrown);
      setError(refused);
      const field = refused.field && form.elements.namedItem(refused.field);
      if (field instanceof HTMLElement) field.focus();
    } finally {
      isBusy.current = false;
      setBusy(false);
    }
  }

  return {
    busy,
    onSubmit(event) {
      event.preventDefault();
      void submit(event.currentTarget);
    },
    errorOf: (field) => (error?.field === field ? explain(error) : null),
    errorBeside: (...fields) => (error && !fields.includes(error.field ?? "") ? explain(error) : null),
  };
}

/** A text field's value as it is sent: without the spaces around it. */
export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}

// Pages of one thing behind each other. The arrow keys, Home and End turn them; Tab goes into the page.
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { isRightToLeft } from "./place.ts";
import "./tabs.css";

export interface TabsProps<Value extends string> {
  label: string;
  value: Value;
  /** `note` stands behind the label, a count for instance. */
  tabs: readonly { value: Value; label: string; note?: ReactNode }[];
  onChange: (value: Value) => void;
  /** The page of the tab that is open. */
  children: ReactNode;
}

export function Tabs<Value extends string>({ label, value, tabs, onChange, children }: TabsProps<Value>) {
  const id = useId();
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const forward = isRightToLeft(event.currentTarget) ? -1 : 1;
    const next = {
      ArrowRight: at + forward,
      ArrowLeft: at - forward,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = (next + tabs.length) % tabs.length;
    const tab = tabs[index];
    if (tab) onChange(tab.value);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  return (
    <div className="tabs">
      <div className="tab-list" role="tablist" aria-label={label} onKeyDown={keys}>
        {tabs.map((tab) => (
          <button
            key={tab.value}
            type="button"
            role="tab"
            className="tab"
            id={`${id}-${tab.value}`}
            aria-selected={tab.value === value}
            aria-controls={tab.value === value ? `${id}-page` : undefined}
            tabIndex={tab.value === value ? 0 : -1}
            onClick={() => onChange(tab.value)}
          >
            {tab.label}
            {tab.note}
          </button>
        ))}
      </div>
      <div
        className="tab-page"
        role="tabpanel"
        id={`${id}-page`}
        aria-labelledby={`${id}-${value}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a page without anything to use must still be reached to be read.
        tabIndex={0}
      >
        {children}
      </div>
    </div>
  );
}

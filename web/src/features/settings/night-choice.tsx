// The hours of every day in which nobody is to be disturbed.
import { minuteIn, type Night, timeOf, USUAL_NIGHT } from "../../app/told/night.ts";
import { prefer, usePreferences } from "../../app/told/preferences.ts";
import { t } from "../../i18n/words.ts";
import { Check } from "../../ui/check.tsx";
import { Field } from "../../ui/field.tsx";

export function NightChoice() {
  const { night } = usePreferences();
  return (
    <>
      <Check
        label={t("settings.night")}
        hint={t("settings.night-hint")}
        value={night !== null}
        onChange={(is) => prefer({ night: is ? USUAL_NIGHT : null, awakeUntil: null })}
      />
      {night && (
        <div className="times">
          <Time
            label={t("settings.night-from")}
            at={night.from}
            onChange={(from) => choose({ ...night, from })}
          />
          <Time label={t("settings.night-to")} at={night.to} onChange={(to) => choose({ ...night, to })} />
        </div>
      )}
    </>
  );
}

/** Whatever one ended before belongs to other hours. */
function choose(night: Night): void {
  prefer({ night, awakeUntil: null });
}

/** While a time is half typed, the one before holds. */
function Time({ label, at, onChange }: { label: string; at: number; onChange: (minute: number) => void }) {
  return (
    <Field
      label={label}
      type="time"
      required
      defaultValue={timeOf(at)}
      onChange={(event) => {
        const minute = minuteIn(event.target.value);
        if (minute !== null) onChange(minute);
      }}
    />
  );
}

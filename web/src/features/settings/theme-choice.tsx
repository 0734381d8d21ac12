// Light, dark, or as the system has it. `public/first.js` reads the choice before the first paint.
import { useState } from "react";
import { t } from "../../i18n/words.ts";
import { readItem, writeItem } from "../../lib/storage.ts";
import { Choice } from "../../ui/field.tsx";

type Theme = "system" | "light" | "dark";

const KEY = "parlor.theme";

export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(() => {
    const kept = readItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  });
  function choose(next: Theme): void {
    setTheme(next);
    writeItem(KEY, next === "system" ? null : next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  }
  return (
    <section aria-labelledby="look">
      <h2 id="look">{t("settings.look")}</h2>
      <Choice
        label={t("settings.theme")}
        value={theme}
        onChange={choose}
        choices={[
          { value: "system", label: t("settings.theme-system") },
          { value: "light", label: t("settings.theme-light") },
          { value: "dark", label: t("settings.theme-dark") },
        ]}
      />
    </section>
  );
}

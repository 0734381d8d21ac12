// The language of the client, on this device.
import { useState } from "react";
import { LANGUAGES, type Language } from "../../i18n/languages.ts";
import { chooseLanguage, languageChoice, t } from "../../i18n/words.ts";
import { Select } from "../../ui/select.tsx";
import { notify } from "../../ui/toasts.tsx";

type Choice = Language | "browser";

const NAMED = Object.entries(LANGUAGES) as [Language, (typeof LANGUAGES)[Language]][];

export function LanguageChoice() {
  const [choice, setChoice] = useState<Choice>(() => languageChoice() ?? "browser");
  async function choose(next: Choice): Promise<void> {
    setChoice(next);
    try {
      await chooseLanguage(next === "browser" ? null : next);
    } catch {
      setChoice(choice);
      notify(t("settings.language-missing"), true);
    }
  }
  return (
    <section aria-labelledby="language-head">
      <h2 className="hidden-text" id="language-head">
        {t("settings.language")}
      </h2>
      <Select
        label={t("settings.language")}
        value={choice}
        onChange={(next) => void choose(next)}
        choices={[
          { value: "browser", label: t("settings.language-browser") },
          ...NAMED.map(([value, { name }]) => ({ value, label: name, language: value })),
        ]}
      />
    </section>
  );
}

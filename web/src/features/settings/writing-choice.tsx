// What Enter does while one writes.
import { useState } from "react";
import { type EnterKey, enterKey, keepEnterKey } from "../../app/enter-key.ts";
import { t } from "../../i18n/words.ts";
import { Choice } from "../../ui/field.tsx";

export function WritingChoice() {
  const [choice, setChoice] = useState<EnterKey>(enterKey);
  return (
    <section aria-labelledby="writing">
      <h2 id="writing">{t("settings.writing")}</h2>
      <Choice
        label={t("settings.enter")}
        hint={t(choice === "send" ? "settings.enter-send-hint" : "settings.enter-line-hint")}
        value={choice}
        onChange={(next) => {
          setChoice(next);
          keepEnterKey(next);
        }}
        choices={[
          { value: "send", label: t("settings.enter-send") },
          { value: "line", label: t("settings.enter-line") },
        ]}
      />
    </section>
  );
}

// What happens while one writes: what Enter does, and what becomes an emoji.
import { useState } from "react";
import { type EnterKey, enterKey, keepEnterKey } from "../../app/enter-key.ts";
import { t } from "../../i18n/words.ts";
import { Check } from "../../ui/check.tsx";
import { Choice } from "../../ui/field.tsx";
import { keepEmoticons, turnsEmoticons } from "../emoji/emoticons.ts";

export function WritingChoice() {
  const [choice, setChoice] = useState<EnterKey>(enterKey);
  const [turns, setTurns] = useState(turnsEmoticons);
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
      <Check
        label={t("settings.emoticons")}
        hint={t("settings.emoticons-hint")}
        value={turns}
        onChange={(next) => {
          setTurns(next);
          keepEmoticons(next);
        }}
      />
    </section>
  );
}

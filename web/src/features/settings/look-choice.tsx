// How the page looks on this device: everything shows at once.
import { chooseLook, useLook } from "../../app/look.ts";
import { t } from "../../i18n/words.ts";
import { Choice } from "../../ui/field.tsx";

export function LookChoice() {
  return (
    <section aria-labelledby="look">
      <h2 id="look">{t("settings.look")}</h2>
      <p className="hint">{t("settings.look-hint")}</p>
      <Choice
        label={t("settings.theme")}
        value={useLook("theme")}
        onChange={(value) => chooseLook("theme", value)}
        choices={[
          { value: "system", label: t("settings.theme-system") },
          { value: "light", label: t("settings.theme-light") },
          { value: "dark", label: t("settings.theme-dark") },
        ]}
      />
      <Choice
        label={t("settings.contrast")}
        value={useLook("contrast")}
        onChange={(value) => chooseLook("contrast", value)}
        choices={[
          { value: "system", label: t("settings.contrast-system") },
          { value: "more", label: t("settings.contrast-more") },
        ]}
      />
      <Choice
        label={t("settings.messages")}
        value={useLook("messages")}
        onChange={(value) => chooseLook("messages", value)}
        choices={[
          { value: "bubbles", label: t("settings.messages-bubbles") },
          { value: "flat", label: t("settings.messages-flat") },
        ]}
      />
      <Choice
        label={t("settings.density")}
        value={useLook("density")}
        onChange={(value) => chooseLook("density", value)}
        choices={[
          { value: "comfortable", label: t("settings.density-comfortable") },
          { value: "compact", label: t("settings.density-compact") },
        ]}
      />
      <Choice
        label={t("settings.text")}
        value={useLook("text")}
        onChange={(value) => chooseLook("text", value)}
        choices={[
          { value: "small", label: t("settings.text-small") },
          { value: "normal", label: t("settings.text-normal") },
          { value: "large", label: t("settings.text-large") },
        ]}
      />
    </section>
  );
}

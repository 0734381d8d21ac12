// What one is told of on this device, and whether its browser lets us.
import { Bell, Volume2 } from "lucide-react";
import { useState } from "react";
import { askPermission, type Permission, usePermission } from "../../app/told/permission.ts";
import { prefer, usePreferences } from "../../app/told/preferences.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Check } from "../../ui/check.tsx";
import { Choice } from "../../ui/field.tsx";
import { notify } from "../../ui/toasts.tsx";
import { NightChoice } from "./night-choice.tsx";

export function Notifications() {
  const { level, hidesText, sound } = usePreferences();
  return (
    <section aria-labelledby="notifications">
      <h2 id="notifications">{t("settings.told")}</h2>
      <Allowed permission={usePermission()} />
      <Choice
        label={t("settings.told-level")}
        value={level}
        onChange={(chosen) => prefer({ level: chosen })}
        hint={t("settings.told-hint")}
        choices={[
          { value: "all", label: t("settings.told-all") },
          { value: "personal", label: t("settings.told-personal") },
          { value: "nothing", label: t("settings.told-nothing") },
        ]}
      />
      <Check
        label={t("settings.told-hide")}
        hint={t("settings.told-hide-hint")}
        value={hidesText}
        onChange={(hides) => prefer({ hidesText: hides })}
      />
      <div className="with-button">
        <Check
          label={t("settings.told-sound")}
          value={sound}
          onChange={(plays) => prefer({ sound: plays })}
        />
        <Button look="quiet" icon={Volume2} onClick={() => void listen()}>
          {t("settings.told-listen")}
        </Button>
      </div>
      <NightChoice />
    </section>
  );
}

async function listen(): Promise<void> {
  try {
    const { playSound } = await import("../../app/told/sound.ts");
    await playSound();
  } catch {
    notify(t("settings.told-silent"), true);
  }
}

function Allowed({ permission }: { permission: Permission }) {
  const [busy, setBusy] = useState(false);
  if (permission !== "default") return <p className="panel-text">{t(EXPLAINED[permission])}</p>;
  async function ask(): Promise<void> {
    setBusy(true);
    await askPermission().catch(() => {});
    setBusy(false);
  }
  return (
    <div className="stack">
      <p className="panel-text">{t("settings.told-default")}</p>
      <div>
        <Button look="strong" icon={Bell} busy={busy} onClick={() => void ask()}>
          {t("settings.told-allow")}
        </Button>
      </div>
    </div>
  );
}

const EXPLAINED = {
  granted: "settings.told-granted",
  denied: "settings.told-denied",
  insecure: "settings.told-insecure",
  missing: "settings.told-missing",
} as const;

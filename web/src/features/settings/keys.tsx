// Where the keys are told.
import { Keyboard } from "lucide-react";
import { useDialogs } from "../../app/dialogs.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";

export function Keys() {
  const dialogs = useDialogs();
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">{t("settings.keys")}</h2>
      <p className="panel-text">{t("settings.keys-text")}</p>
      <div>
        <Button icon={Keyboard} onClick={() => dialogs.open("shortcuts")}>
          {t("shortcuts.title")}
        </Button>
      </div>
    </section>
  );
}

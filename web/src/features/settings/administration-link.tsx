// The way to the administrator's page, for those who have one.
import { ShieldUser } from "lucide-react";
import { useLocation } from "wouter";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";

export function AdministrationLink() {
  const [, go] = useLocation();
  return (
    <section aria-labelledby="administration">
      <h2 id="administration">{t("settings.administration")}</h2>
      <p className="panel-text">{t("settings.administration-text")}</p>
      <div>
        <Button icon={ShieldUser} onClick={() => go("/administration")}>
          {t("settings.administration-open")}
        </Button>
      </div>
    </section>
  );
}

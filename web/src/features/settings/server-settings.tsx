// For administrators: who may make an account.
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Registration } from "../../api/types.ts";
import { useSession } from "../../app/session.tsx";
import { t } from "../../i18n/words.ts";
import { Choice } from "../../ui/field.tsx";
import { notify } from "../../ui/toasts.tsx";

export function ServerSettings() {
  const { server, setServer } = useSession();
  const [busy, setBusy] = useState(false);
  if (!server) return null;
  async function choose(registration: Registration): Promise<void> {
    setBusy(true);
    try {
      setServer(await api.updateServer({ registration }));
      notify(t("settings.saved"));
    } catch (error) {
      notify(explain(error), true);
    }
    setBusy(false);
  }
  return (
    <section aria-labelledby="server">
      <h2 id="server">{t("settings.server")}</h2>
      <Choice
        label={t("settings.registration")}
        value={server.registration}
        onChange={(value) => void choose(value)}
        disabled={busy}
        hint={t("settings.registration-hint")}
        choices={[
          { value: "open", label: t("settings.registration-open") },
          { value: "invite", label: t("settings.registration-invite") },
          { value: "closed", label: t("settings.registration-closed") },
        ]}
      />
      <p className="panel-note">{t("settings.version", { name: server.name, version: server.version })}</p>
    </section>
  );
}

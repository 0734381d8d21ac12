// Who may make an account here.
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Registration as Mode } from "../../api/types.ts";
import { useSession } from "../../app/session.tsx";
import { type Key, t } from "../../i18n/words.ts";
import { Choice } from "../../ui/field.tsx";
import { notify } from "../../ui/toasts.tsx";

const MEANS: Readonly<Record<Mode, Key>> = {
  open: "administration.registration-open-text",
  invite: "administration.registration-invite-text",
  closed: "administration.registration-closed-text",
};

/** A server that was given no name is called so too. */
const PROGRAM = "Parlor";

export function Registration() {
  const { server, setServer } = useSession();
  const [busy, setBusy] = useState(false);
  if (!server) return null;
  async function choose(registration: Mode): Promise<void> {
    setBusy(true);
    try {
      setServer(await api.updateServer({ registration }));
      notify(t("administration.saved"));
    } catch (error) {
      notify(explain(error), true);
    }
    setBusy(false);
  }
  return (
    <div className="stack">
      <Choice
        label={t("administration.registration")}
        value={server.registration}
        onChange={(value) => void choose(value)}
        disabled={busy}
        hint={t(MEANS[server.registration])}
        choices={[
          { value: "open", label: t("administration.registration-open") },
          { value: "invite", label: t("administration.registration-invite") },
          { value: "closed", label: t("administration.registration-closed") },
        ]}
      />
      <p>{t("administration.registration-hint")}</p>
      <p className="administration-note">
        {server.name === PROGRAM
          ? `${PROGRAM} ${server.version}`
          : t("administration.version", { name: server.name, version: server.version })}
      </p>
    </div>
  );
}

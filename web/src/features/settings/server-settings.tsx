// For administrators: who may make an account.
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Registration } from "../../api/types.ts";
import { useSession } from "../../app/session.tsx";
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
      notify("Saved.");
    } catch (error) {
      notify(explain(error), true);
    }
    setBusy(false);
  }
  return (
    <section aria-labelledby="server">
      <h2 id="server">This server</h2>
      <Choice
        label="Who may sign up"
        value={server.registration}
        onChange={(value) => void choose(value)}
        disabled={busy}
        hint="Those who have an account keep it."
        choices={[
          { value: "open", label: "Everyone" },
          { value: "invite", label: "Who has an invite" },
          { value: "closed", label: "Nobody" },
        ]}
      />
      <p className="panel-note">
        {server.name}, Parlor {server.version}
      </p>
    </section>
  );
}

// Who was shut out, for those who decide; fetched when somebody wants to see it.
import { useCallback, useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Membership } from "../../api/types.ts";
import { Loading } from "../../app/loading.tsx";
import { useLoaded } from "../../app/use-loaded.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";

export function BannedList({ id }: { id: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const loaded = useLoaded(
    useCallback(() => api.members(id, "banned"), [id]),
    isOpen,
  );

  async function lift({ account }: Membership): Promise<void> {
    try {
      await api.unban(id, account.id);
      notify(t("members.ban-lifted", { name: account.display_name }));
      await loaded.load();
    } catch (error) {
      notify(explain(error), true);
    }
  }

  return (
    <details
      className="panel-section banned"
      onToggle={(event) => {
        const { open } = event.currentTarget;
        setIsOpen(open);
        // What was loaded before may have changed since.
        if (open && loaded.value) void loaded.load();
      }}
    >
      <summary>{t("members.banned")}</summary>
      {isOpen && <Loading of={loaded} label={t("members.banned-loading")} rows={2} />}
      {loaded.value?.length === 0 && <p className="panel-note">{t("members.banned-none")}</p>}
      <ul>
        {loaded.value?.map((member) => (
          <li key={member.account.id} className="invite-row">
            <div>
              <bdi>{member.account.display_name}</bdi>
              <small dir="auto">@{member.account.username}</small>
            </div>
            <Button
              onClick={() => void lift(member)}
              aria-label={t("members.lift-name", { name: member.account.display_name })}
            >
              {t("members.lift")}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

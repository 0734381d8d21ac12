// The links into a room: making one, seeing how often each was used, and ending it.
import { Link2, Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Invite } from "../../api/types.ts";
import { Loading } from "../../app/loading.tsx";
import { useLoaded } from "../../app/use-loaded.ts";
import { t } from "../../i18n/words.ts";
import { shortDate } from "../../lib/time.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";
import { Section } from "../members/section.tsx";
import { InviteForm } from "./invite-form.tsx";
import { InviteLink } from "./invite-link.tsx";
import "./invites.css";

export function Invites({ id }: { id: number }) {
  const loaded = useLoaded(useCallback(async () => (await api.invites(id)).filter(isGood), [id]));
  const [made, setMade] = useState<Invite | null>(null);

  async function revoke(invite: Invite): Promise<void> {
    try {
      await api.revokeInvite(id, invite.id);
      if (made?.id === invite.id) setMade(null);
      notify(t("invites.ended"));
      await loaded.load();
    } catch (error) {
      notify(explain(error), true);
    }
  }

  return (
    <Section title={t("invites.title")}>
      {made?.url ? (
        <div className="invite-make">
          <InviteLink key={made.id} url={made.url} isFirst />
          <p className="panel-note">{t("invites.once")}</p>
          <Button icon={Link2} onClick={() => setMade(null)}>
            {t("invites.again")}
          </Button>
        </div>
      ) : (
        <InviteForm
          id={id}
          onMade={(invite) => {
            setMade(invite);
            void loaded.load();
          }}
        />
      )}
      <Loading of={loaded} label={t("invites.loading")} rows={1} />
      {loaded.value?.length === 0 && <p className="panel-note">{t("invites.none")}</p>}
      <ul>
        {loaded.value?.map((invite) => (
          <li key={invite.id} className="invite-row">
            <div>
              {usesOf(invite)}
              <small>{timesOf(invite)}</small>
            </div>
            <IconButton
              icon={Trash2}
              size={18}
              label={t("invites.end", { from: shortDate(invite.created_at) })}
              tip="left"
              onClick={() => void revoke(invite)}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function usesOf({ needs_approval, uses, max_uses }: Invite): string {
  if (max_uses === null)
    return t(needs_approval ? "invites.ask-used" : "invites.enter-used", { count: uses });
  const counts = { count: uses, max: max_uses };
  return t(needs_approval ? "invites.ask-used-of" : "invites.enter-used-of", counts);
}

function timesOf({ created_at, expires_at }: Invite): string {
  const from = shortDate(created_at);
  return expires_at
    ? t("invites.from-until", { from, until: shortDate(expires_at) })
    : t("invites.from", { from });
}

function isGood(invite: Invite): boolean {
  const isExpired = invite.expires_at !== null && Date.parse(invite.expires_at) <= Date.now();
  const isUsedUp = invite.max_uses !== null && invite.uses >= invite.max_uses;
  return invite.revoked_at === null && !isExpired && !isUsedUp;
}

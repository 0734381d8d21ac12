// The links into a room: making one, seeing how often each was used, and ending it.
import { Link2, Trash2 } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Invite } from "../../api/types.ts";
import { shortDate } from "../../lib/time.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";
import { Section } from "../members/details.tsx";
import { InviteLink } from "./invite-link.tsx";
import "./invites.css";
import { t } from "../../i18n/words.ts";

export function Invites({ id }: { id: number }) {
  const [invites, setInvites] = useState<readonly Invite[]>([]);
  const [made, setMade] = useState<Invite | null>(null);
  const [needsApproval, setNeedsApproval] = useState(true);
  const [busy, setBusy] = useState(false);

  const load = useCallback(async () => {
    try {
      setInvites((await api.invites(id)).filter(isGood));
    } catch (error) {
      notify(explain(error), true);
    }
  }, [id]);
  useEffect(() => void load(), [load]);

  async function make(): Promise<void> {
    setBusy(true);
    try {
      setMade(await api.makeInvite(id, needsApproval));
      await load();
    } catch (error) {
      notify(explain(error), true);
    }
    setBusy(false);
  }

  async function revoke(invite: Invite): Promise<void> {
    try {
      await api.revokeInvite(id, invite.id);
      if (made?.id === invite.id) setMade(null);
      await load();
    } catch (error) {
      notify(explain(error), true);
    }
  }

  return (
    <Section title={t("invites.title")}>
      <p className="panel-text">{t(needsApproval ? "invites.asks" : "invites.at-once")}</p>
      <label className="check">
        <input
          type="checkbox"
          checked={needsApproval}
          onChange={(event) => setNeedsApproval(event.target.checked)}
        />
        <span>{t("invites.ask-first")}</span>
      </label>
      <div className="invite-make">
        {made?.url ? (
          <InviteLink key={made.id} url={made.url} isFirst />
        ) : (
          <Button icon={Link2} busy={busy} onClick={() => void make()}>
            {t("invites.make")}
          </Button>
        )}
      </div>
      {invites.length > 0 && (
        <ul>
          {invites.map((invite) => (
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
      )}
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

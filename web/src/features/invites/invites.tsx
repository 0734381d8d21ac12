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
    <Section title="Invite">
      <p className="panel-text">
        {needsApproval
          ? "Anyone with the link may ask. You let them in."
          : "Anyone with the link is in at once."}
      </p>
      <label className="check">
        <input
          type="checkbox"
          checked={needsApproval}
          onChange={(event) => setNeedsApproval(event.target.checked)}
        />
        <span>Ask before letting in</span>
      </label>
      <div className="invite-make">
        {made?.url ? (
          <InviteLink key={made.id} url={made.url} isFirst />
        ) : (
          <Button icon={Link2} busy={busy} onClick={() => void make()}>
            Make an invite link
          </Button>
        )}
      </div>
      {invites.length > 0 && (
        <ul>
          {invites.map((invite) => (
            <li key={invite.id} className="invite-row">
              <div>
                {invite.needs_approval ? "To ask" : "To come in"}, used {invite.uses}
                {invite.max_uses !== null && ` of ${invite.max_uses}`} {invite.uses === 1 ? "time" : "times"}
                <small>
                  from {shortDate(invite.created_at)}
                  {invite.expires_at && ` until ${shortDate(invite.expires_at)}`}
                </small>
              </div>
              <IconButton
                icon={Trash2}
                size={18}
                label={`End the link from ${shortDate(invite.created_at)}`}
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

function isGood(invite: Invite): boolean {
  const isExpired = invite.expires_at !== null && Date.parse(invite.expires_at) <= Date.now();
  const isUsedUp = invite.max_uses !== null && invite.uses >= invite.max_uses;
  return invite.revoked_at === null && !isExpired && !isUsedUp;
}

// Who was shut out, for those who decide; fetched when somebody wants to see it.
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Membership } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";

export function BannedList({ id }: { id: number }) {
  const [banned, setBanned] = useState<readonly Membership[] | null>(null);

  async function load(): Promise<void> {
    try {
      setBanned(await api.members(id, "banned"));
    } catch (error) {
      notify(explain(error), true);
    }
  }

  async function lift(member: Membership): Promise<void> {
    try {
      await api.unban(id, member.account.id);
      notify(`${member.account.display_name} may ask to join again.`);
      await load();
    } catch (error) {
      notify(explain(error), true);
    }
  }

  return (
    <details className="panel-section banned" onToggle={(event) => event.currentTarget.open && void load()}>
      <summary>Who is banned</summary>
      {banned?.length === 0 && <p className="panel-note">Nobody.</p>}
      <ul>
        {banned?.map((member) => (
          <li key={member.account.id} className="invite-row">
            <div>
              <bdi>{member.account.display_name}</bdi>
              <small>@{member.account.username}</small>
            </div>
            <Button
              onClick={() => void lift(member)}
              aria-label={`Lift the ban on ${member.account.display_name}`}
            >
              Lift
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

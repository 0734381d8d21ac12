// What a link is good for, and the button that makes it.
import { Link2 } from "lucide-react";
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Invite } from "../../api/types.ts";
import { type Key, t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Check } from "../../ui/check.tsx";
import { Select } from "../../ui/select.tsx";
import { notify } from "../../ui/toasts.tsx";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

const TIMES = {
  hour: [HOUR_S, "invites.expires-hour"],
  day: [DAY_S, "invites.expires-day"],
  week: [7 * DAY_S, "invites.expires-week"],
  month: [30 * DAY_S, "invites.expires-month"],
  // The longest that the server takes.
  year: [365 * DAY_S, "invites.expires-year"],
} as const satisfies Record<string, readonly [number, Key]>;

type Time = keyof typeof TIMES;

const USES = ["any", "1", "5", "10", "50", "100"] as const;

export interface InviteFormProps {
  /** The room. */
  id: number;
  onMade: (invite: Invite) => void;
}

export function InviteForm({ id, onMade }: InviteFormProps) {
  const [needsApproval, setNeedsApproval] = useState(true);
  const [time, setTime] = useState<Time>("month");
  const [uses, setUses] = useState<(typeof USES)[number]>("any");
  const [busy, setBusy] = useState(false);

  async function make(): Promise<void> {
    setBusy(true);
    try {
      const [expires_in_s] = TIMES[time];
      const limits = { expires_in_s, ...(uses !== "any" && { max_uses: Number(uses) }) };
      onMade(await api.makeInvite(id, needsApproval, limits));
    } catch (error) {
      notify(explain(error), true);
      setBusy(false);
    }
  }

  return (
    <div className="invite-make">
      <Check
        label={t("invites.ask-first")}
        hint={t(needsApproval ? "invites.asks" : "invites.at-once")}
        value={needsApproval}
        onChange={setNeedsApproval}
      />
      <Select
        label={t("invites.expires")}
        value={time}
        onChange={setTime}
        choices={(Object.keys(TIMES) as Time[]).map((value) => ({ value, label: t(TIMES[value][1]) }))}
      />
      <Select
        label={t("invites.uses")}
        value={uses}
        onChange={setUses}
        choices={USES.map((value) => ({
          value,
          label: value === "any" ? t("invites.uses-any") : t("invites.uses-count", { count: Number(value) }),
        }))}
      />
      <div>
        <Button icon={Link2} busy={busy} onClick={() => void make()}>
          {t("invites.make")}
        </Button>
      </div>
    </div>
  );
}

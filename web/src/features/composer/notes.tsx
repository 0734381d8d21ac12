// One quiet line under the box: why something was not done, who will not read this, what a key does here.
import { Link2, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { explain } from "../../actions/action.ts";
import { copyInvite } from "../../actions/invite.ts";
import type { Account } from "../../api/types.ts";
import { isolated } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { listOf } from "../../lib/names.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { Button } from "../../ui/button.tsx";

export interface NotesProps {
  conversation: Conversation;
  /** Why what was written is not sent. */
  warning: string | null;
  strangers: readonly Account[];
  hint: string | null;
}

/** The region stands in the page before it says anything: only then is it said. */
export function Notes({ conversation, warning, strangers, hint }: NotesProps) {
  return (
    <div className="composer-notes" role="status" id="composer-notes">
      {warning !== null ? (
        <Note isWarning>{warning}</Note>
      ) : strangers.length > 0 ? (
        <Strangers conversation={conversation} strangers={strangers} />
      ) : (
        hint !== null && <Note>{hint}</Note>
      )}
    </div>
  );
}

function Note({ isWarning = false, children }: { isWarning?: boolean; children: ReactNode }) {
  return (
    <p className="composer-note">
      {isWarning && <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />}
      <span>{children}</span>
    </p>
  );
}

function Strangers({ conversation, strangers }: Pick<NotesProps, "conversation" | "strangers">) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const isRoom = conversation.summary.kind === "room";
  const names = listOf(
    strangers.map(({ display_name }) => display_name),
    3,
  );
  async function invite(): Promise<void> {
    setBusy(true);
    setFailed(await copyInvite(conversation.summary.id).catch(explain));
    setBusy(false);
  }
  if (failed !== null) return <Note isWarning>{failed}</Note>;
  return (
    <div className="composer-note">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
      <span>
        <Rich
          id={isRoom ? "composer.strangers-room" : "composer.strangers-chat"}
          values={{ count: strangers.length, names }}
          parts={{ names: isolated }}
        />
      </span>
      {decides(conversation) && (
        <Button look="quiet" icon={Link2} busy={busy} onClick={() => void invite()}>
          {t("composer.copy-invite")}
        </Button>
      )}
    </div>
  );
}

// Where a conversation begins; and while nothing is said in a room, the way to have others there.
import { Link2 } from "lucide-react";
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { copyInvite } from "../../actions/invite.ts";
import { t } from "../../i18n/words.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { Button } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";

export interface LogStartProps {
  conversation: Conversation;
  title: string;
  isEmpty: boolean;
}

export function LogStart({ conversation, title, isEmpty }: LogStartProps) {
  const mayInvite = decides(conversation) && conversation.summary.archived_at === null;
  return (
    <div className="log-start">
      <p>{startText(conversation, title)}</p>
      {isEmpty && mayInvite && <InviteButton id={conversation.summary.id} />}
    </div>
  );
}

function InviteButton({ id }: { id: number }) {
  const [busy, setBusy] = useState(false);
  async function invite(): Promise<void> {
    setBusy(true);
    const trouble = await copyInvite(id).catch(explain);
    if (trouble !== null) notify(trouble, true);
    setBusy(false);
  }
  return (
    <Button icon={Link2} busy={busy} onClick={() => void invite()}>
      {t("conversation.invite")}
    </Button>
  );
}

function startText({ summary }: Conversation, title: string): string {
  if (summary.kind === "direct") return t("conversation.start-direct", { title });
  if (summary.kind === "general") return t("conversation.start-general");
  return t("conversation.start-room", { title });
}

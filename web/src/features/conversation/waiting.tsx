// A room that has not let me in yet. When it does, the same address shows the room.
import { Hourglass } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { JoinRequest } from "../../api/types.ts";
import { useSync } from "../../app/session.tsx";
import { useWindowTitle } from "../../app/title.ts";
import { t } from "../../i18n/words.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Button } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";

export function Waiting({ request }: { request: JoinRequest }) {
  const sync = useSync();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  useWindowTitle(request.name);
  async function takeBack(): Promise<void> {
    setBusy(true);
    // First here, so that the end of the request is not told as if somebody else had ended it.
    const { conversation_id } = request;
    sync.take({ type: "gone", conversation: conversation_id });
    go("/");
    try {
      await api.leave(conversation_id);
    } catch (error) {
      sync.take({ type: "requested", request });
      notify(explain(error), true);
    }
  }
  return (
    <>
      <header className="top">
        <BackLink href="/" label={t("conversation.back")} isBeside />
        <div className="top-text">
          <h1>
            <span className="top-sign" aria-hidden="true">
              #
            </span>
            <bdi>{request.name}</bdi>
          </h1>
        </div>
      </header>
      <div className="notice" role="status">
        <p className="waiting-sign">
          <Hourglass size={20} strokeWidth={1.75} aria-hidden="true" />
          {t("conversation.waiting-approval")}
        </p>
        <p dir="auto">{request.description}</p>
        <p>{t("conversation.waiting-text")}</p>
        <Button busy={busy} onClick={() => void takeBack()}>
          {t("conversation.take-back")}
        </Button>
      </div>
    </>
  );
}

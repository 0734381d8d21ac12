// The page behind an invite link: the room's public card, and the one thing to do with it.
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { InviteCard } from "../../api/types.ts";
import { rememberInvite } from "../../app/remembered.ts";
import { useSession } from "../../app/session.tsx";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/missing.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Card } from "../sign-in/card.tsx";

type Loaded = { card: InviteCard } | { error: string } | null;

export function Join({ code }: { code: string }) {
  const { session } = useSession();
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    let isCurrent = true;
    setLoaded(null);
    api.inviteCard(code).then(
      (card) => isCurrent && setLoaded({ card }),
      (error) => isCurrent && setLoaded({ error: explain(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [code]);

  if (!loaded) {
    return (
      <Card title={t("join.title")}>
        <Skeleton label={t("join.loading")} rows={2} />
      </Card>
    );
  }
  if ("error" in loaded) {
    return (
      <Card title={t("join.broken")} foot={<Link href="/">{t("join.to-parlor")}</Link>}>
        <p className="card-text">{t("join.broken-text", { reason: loaded.error })}</p>
      </Card>
    );
  }
  const { card } = loaded;
  return (
    <Card title={t("join.join", { name: card.name })}>
      <div className="public-card">
        <h2>
          <bdi>{card.name}</bdi>
        </h2>
        <p className="card-text" dir="auto">
          {card.description || t("join.no-description")}
        </p>
      </div>
      {session.state === "signed_in" ? <JoinButton code={code} card={card} /> : <SignInFirst code={code} />}
    </Card>
  );
}

function SignInFirst({ code }: { code: string }) {
  const { server } = useSession();
  const remember = () => rememberInvite(code);
  return (
    <>
      <p className="card-text">{t("join.need-account")}</p>
      <div className="card-buttons">
        {server?.registration !== "closed" && (
          <Link className="button strong" href="/register" onClick={remember}>
            {t("join.create")}
          </Link>
        )}
        <Link className="button plain" href="/login" onClick={remember}>
          {t("join.sign-in")}
        </Link>
      </div>
    </>
  );
}

/** For who is signed in. Having asked, one waits at the room's own address, which turns into the room. */
function JoinButton({ code, card }: { code: string; card: InviteCard }) {
  const { session } = useSession();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const room = `/c/${card.conversation_id}`;
  const isThere = card.state === "active" || card.state === "pending";

  useEffect(() => {
    if (isThere) go(room, { replace: true });
  }, [isThere, go, room]);

  async function join(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const joined = await api.join(code);
      if (session.state !== "signed_in") return;
      const { conversation_id, state, conversation } = joined;
      if (conversation) session.sync.take({ type: "summary", summary: conversation });
      else
        session.sync.take({
          type: "requested",
          request: { conversation_id, name: card.name, description: card.description, state },
        });
      go(room, { replace: true });
    } catch (thrown) {
      setError(explain(thrown));
      setBusy(false);
    }
  }

  if (card.state === "banned") return <p className="problem">{t("join.banned")}</p>;
  return (
    <>
      <p className="card-text">{t(card.needs_approval ? "join.asks" : "join.at-once")}</p>
      <Problem>{error}</Problem>
      <div className="card-buttons">
        <Button look="strong" busy={busy} onClick={() => void join()} autoFocus>
          {t(card.needs_approval ? "join.ask" : "join.enter")}
        </Button>
        <Link className="button quiet" href="/">
          {t("join.not-now")}
        </Link>
      </div>
    </>
  );
}

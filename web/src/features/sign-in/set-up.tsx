// The administrator's account, made once with the code of the link that the server prints. The code stands behind
// the # of the address, which browsers do not send anywhere.
import { Link, useLocation } from "wouter";
import { api } from "../../api/calls.ts";
import { useSession } from "../../app/session.tsx";
import { t } from "../../i18n/words.ts";
import { AccountForm } from "./account-form.tsx";
import { Card } from "./card.tsx";

export function SetUp() {
  const { enter } = useSession();
  const [, go] = useLocation();
  const code = location.hash.slice(1);
  if (!code) {
    return (
      <Card
        title={t("sign-in.set-up-incomplete")}
        foot={<Link href="/login">{t("sign-in.to-sign-in")}</Link>}
      >
        <p className="card-text">{t("sign-in.set-up-incomplete-text")}</p>
      </Card>
    );
  }
  return (
    <Card title={t("sign-in.set-up")}>
      <p className="card-text">{t("sign-in.set-up-text")}</p>
      <AccountForm
        action={t("sign-in.start")}
        send={async (account) => {
          const { account: me } = await api.setUp({ ...account, code });
          go("/", { replace: true });
          enter(me);
        }}
      />
    </Card>
  );
}

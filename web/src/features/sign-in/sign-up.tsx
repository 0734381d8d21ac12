// Making an account, with the invite that one came by where registration asks for one.
import { Link } from "wouter";
import { api } from "../../api/calls.ts";
import { rememberedInvite } from "../../app/remembered.ts";
import { useSession } from "../../app/session.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { AccountForm } from "./account-form.tsx";
import { Card } from "./card.tsx";
import { OtherWays } from "./other-ways.tsx";
import { useAfterwards } from "./sign-in.tsx";

export function SignUp() {
  const { enter, server } = useSession();
  const afterwards = useAfterwards();
  const invite = rememberedInvite();
  const foot = (
    <Rich id="sign-in.have-account" parts={{ link: (children) => <Link href="/login">{children}</Link> }} />
  );
  if (server?.registration === "closed") {
    return (
      <Card title={t("sign-in.closed")} foot={foot}>
        <p className="card-text">{t("sign-in.closed-text")}</p>
      </Card>
    );
  }
  if (server?.registration === "invite" && !invite) {
    return (
      <Card title={t("sign-in.need-invite")} foot={foot}>
        <p className="card-text">{t("sign-in.need-invite-text")}</p>
      </Card>
    );
  }
  return (
    <Card title={t("sign-in.new-account")} foot={foot}>
      <AccountForm
        action={t("sign-in.create")}
        send={async (account) => {
          const { account: me } = await api.signUp(invite ? { ...account, invite } : account);
          afterwards();
          enter(me);
        }}
      />
      <OtherWays />
    </Card>
  );
}

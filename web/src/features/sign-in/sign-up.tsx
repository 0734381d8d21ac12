// Making an account, with the invite that one came by where registration asks for one.
import { Link } from "wouter";
import { api } from "../../api/calls.ts";
import { rememberedInvite } from "../../app/remembered.ts";
import { useSession } from "../../app/session.tsx";
import { AccountForm } from "./account-form.tsx";
import { Card } from "./card.tsx";
import { OtherWays } from "./other-ways.tsx";
import { useAfterwards } from "./sign-in.tsx";

export function SignUp() {
  const { enter, server } = useSession();
  const afterwards = useAfterwards();
  const invite = rememberedInvite();
  const foot = (
    <>
      Have an account? <Link href="/login">Sign in</Link>
    </>
  );
  if (server?.registration === "closed") {
    return (
      <Card title="Nobody can sign up at the moment" foot={foot}>
        <p className="card-text">Ask whoever runs this server for an account.</p>
      </Card>
    );
  }
  if (server?.registration === "invite" && !invite) {
    return (
      <Card title="You need an invite" foot={foot}>
        <p className="card-text">Ask somebody who is here already for an invite link, and follow it.</p>
      </Card>
    );
  }
  return (
    <Card title="Create an account" foot={foot}>
      <AccountForm
        action="Create account"
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

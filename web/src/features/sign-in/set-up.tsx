// The administrator's account, made once with the code of the link that the server prints. The code stands behind
// the # of the address, which browsers do not send anywhere.
import { Link, useLocation } from "wouter";
import { api } from "../../api/calls.ts";
import { useSession } from "../../app/session.tsx";
import { AccountForm } from "./account-form.tsx";
import { Card } from "./card.tsx";

export function SetUp() {
  const { enter } = useSession();
  const [, go] = useLocation();
  const code = location.hash.slice(1);
  if (!code) {
    return (
      <Card title="This link is not complete" foot={<Link href="/login">Go to the sign-in page</Link>}>
        <p className="card-text">
          The link to set Parlor up is printed when the server starts. Open it as a whole, with what stands
          after the #.
        </p>
      </Card>
    );
  }
  return (
    <Card title="Welcome to your Parlor">
      <p className="card-text">Make the first account. It may decide who can sign up, and it is you.</p>
      <AccountForm
        action="Start"
        send={async (account) => {
          const { account: me } = await api.setUp({ ...account, code });
          go("/", { replace: true });
          enter(me);
        }}
      />
    </Card>
  );
}

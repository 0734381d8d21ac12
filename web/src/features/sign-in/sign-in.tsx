// Signing in, by username or e-mail.
import { Link, useLocation } from "wouter";
import { api } from "../../api/calls.ts";
import { forgetInvite, rememberedInvite } from "../../app/remembered.ts";
import { useSession } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Problem } from "../../ui/missing.tsx";
import { Card } from "./card.tsx";
import { OtherWays } from "./other-ways.tsx";

export function SignIn() {
  const { enter, server } = useSession();
  const afterwards = useAfterwards();
  const { busy, onSubmit, errorBeside } = useSubmit(async (form) => {
    const { account } = await api.signIn(textOf(form, "login"), String(form.get("password")));
    afterwards();
    enter(account);
  });
  const problem = errorBeside();
  const canSignUp = server?.registration === "open" || rememberedInvite() !== null;
  return (
    <Card
      title={t("sign-in.title")}
      foot={
        canSignUp && (
          <Rich
            id="sign-in.new-here"
            parts={{ link: (children) => <Link href="/register">{children}</Link> }}
          />
        )
      }
    >
      <form onSubmit={onSubmit}>
        <Problem>{problem}</Problem>
        <Field
          label={t("sign-in.login")}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
        />
        <Field
          label={t("sign-in.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button look="strong" type="submit" busy={busy}>
          {t("sign-in.title")}
        </Button>
      </form>
      <OtherWays />
    </Card>
  );
}

/** Where to go once signed in: to the invite that one came by, or to where one was going. */
export function useAfterwards(): () => void {
  const [path, go] = useLocation();
  return () => {
    const invite = rememberedInvite();
    forgetInvite();
    if (invite) go(`/join/${encodeURIComponent(invite)}`, { replace: true });
    // With a slash at the end it is the same page.
    else if (["/login", "/register", "/setup"].includes(path.replace(/\/$/, ""))) go("/", { replace: true });
  };
}

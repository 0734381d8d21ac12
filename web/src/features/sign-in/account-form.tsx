// The fields of a new account, for signing up and for the administrator's first one.
import { useState } from "react";
import type { SignUp } from "../../api/types.ts";
import { useSession } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Problem } from "../../ui/missing.tsx";

const FIELDS = ["username", "display_name", "email", "password"];

export function AccountForm({ action, send }: { action: string; send: (account: SignUp) => Promise<void> }) {
  const { server } = useSession();
  const [isShown, setIsShown] = useState(false);
  const { busy, onSubmit, errorOf, errorBeside } = useSubmit((form) => send(accountOf(form)));
  const problem = errorBeside(...FIELDS);
  return (
    <form onSubmit={onSubmit}>
      <Problem>{problem}</Problem>
      <Field
        label={t("sign-in.username")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        hint={t("sign-in.username-hint")}
        error={errorOf("username")}
      />
      <Field
        label={t("sign-in.name")}
        name="display_name"
        autoComplete="name"
        hint={t("sign-in.name-hint")}
        error={errorOf("display_name")}
      />
      <Field
        label={t("sign-in.email")}
        name="email"
        type="email"
        autoComplete="email"
        hint={t("sign-in.email-hint")}
        error={errorOf("email")}
      />
      <Field
        label={t("sign-in.password")}
        name="password"
        type={isShown ? "text" : "password"}
        autoComplete="new-password"
        required
        minLength={server?.password_chars_min}
        hint={server && t("sign-in.password-hint", { count: server.password_chars_min })}
        error={errorOf("password")}
      />
      <label className="check">
        <input type="checkbox" checked={isShown} onChange={(event) => setIsShown(event.target.checked)} />
        <span>{t("sign-in.show-password")}</span>
      </label>
      <Button look="strong" type="submit" busy={busy}>
        {action}
      </Button>
    </form>
  );
}

/** What was left empty is left out. */
function accountOf(form: FormData): SignUp {
  const account: SignUp = { username: textOf(form, "username"), password: String(form.get("password")) };
  const email = textOf(form, "email");
  const name = textOf(form, "display_name");
  if (email) account.email = email;
  if (name) account.display_name = name;
  return account;
}

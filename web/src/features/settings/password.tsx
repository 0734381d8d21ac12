// A new password; every other session of the account ends with it.
import { useState } from "react";
import { api } from "../../api/calls.ts";
import { useMe } from "../../app/copy.ts";
import { useSession } from "../../app/session.tsx";
import { useSubmit } from "../../app/use-submit.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Problem } from "../../ui/missing.tsx";
import { notify } from "../../ui/toasts.tsx";

export function Password() {
  const me = useMe();
  const { server } = useSession();
  const [round, setRound] = useState(0);
  const { busy, onSubmit, errorOf, errorBeside } = useSubmit(async (form) => {
    await api.changePassword(String(form.get("current_password")), String(form.get("new_password")));
    notify(t("settings.password-changed"));
    setRound(round + 1);
  });
  const problem = errorBeside("current_password", "new_password");
  return (
    <section aria-labelledby="password">
      <h2 id="password">{t("settings.password")}</h2>
      <form key={round} className="stack" onSubmit={onSubmit}>
        <Problem>{problem}</Problem>
        <input type="hidden" name="username" autoComplete="username" value={me.username} readOnly />
        <Field
          label={t("settings.password-current")}
          name="current_password"
          type="password"
          autoComplete="current-password"
          required
          error={errorOf("current_password")}
        />
        <Field
          label={t("settings.password-new")}
          name="new_password"
          type="password"
          autoComplete="new-password"
          required
          minLength={server?.password_chars_min}
          hint={t("settings.password-hint", { count: server?.password_chars_min ?? 8 })}
          error={errorOf("new_password")}
        />
        <div>
          <Button type="submit" busy={busy}>
            {t("settings.password-change")}
          </Button>
        </div>
      </form>
    </section>
  );
}

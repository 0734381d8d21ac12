// How one is shown to others, and the address for signing in.
import { api } from "../../api/calls.ts";
import { useMe } from "../../app/copy.ts";
import { useSync } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Problem } from "../../ui/missing.tsx";
import { notify } from "../../ui/toasts.tsx";

export function Profile() {
  const me = useMe();
  const sync = useSync();
  const { busy, onSubmit, errorOf, errorBeside } = useSubmit(async (form) => {
    sync.take({ type: "me", me: await api.updateMe({ display_name: textOf(form, "display_name") }) });
    notify(t("settings.saved"));
  });
  const problem = errorBeside("display_name");
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">{t("settings.profile")}</h2>
      <p className="panel-text">
        <Rich
          id={me.email ? "settings.known-email" : "settings.known"}
          values={{ username: `@${me.username}`, email: me.email ?? "" }}
          parts={{ b: (children) => <b>{children}</b> }}
        />
      </p>
      <form className="stack" onSubmit={onSubmit}>
        <Problem>{problem}</Problem>
        <Field
          label={t("settings.name")}
          name="display_name"
          defaultValue={me.display_name}
          required
          maxLength={64}
          autoComplete="name"
          error={errorOf("display_name")}
        />
        <div>
          <Button type="submit" busy={busy}>
            {t("settings.save-name")}
          </Button>
        </div>
      </form>
    </section>
  );
}

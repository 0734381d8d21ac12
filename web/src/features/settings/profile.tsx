// How one is shown to others, and the address for signing in.
import { api } from "../../api/calls.ts";
import { useMe } from "../../app/copy.ts";
import { useSync } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { notify } from "../../ui/toasts.tsx";

export function Profile() {
  const me = useMe();
  const sync = useSync();
  const { busy, onSubmit, errorOf, errorBeside } = useSubmit(async (form) => {
    sync.take({ type: "me", me: await api.updateMe({ display_name: textOf(form, "display_name") }) });
    notify("Saved.");
  });
  const problem = errorBeside("display_name");
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <p className="panel-text">
        Your username is <b>@{me.username}</b>
        {me.email && (
          <>
            , your e-mail <b>{me.email}</b>
          </>
        )}
        .
      </p>
      <form className="stack" onSubmit={onSubmit}>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <Field
          label="Name"
          name="display_name"
          defaultValue={me.display_name}
          required
          maxLength={64}
          autoComplete="name"
          error={errorOf("display_name")}
        />
        <div>
          <Button type="submit" busy={busy}>
            Save the name
          </Button>
        </div>
      </form>
    </section>
  );
}

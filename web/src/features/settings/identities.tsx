// Accounts of other services by which one signs in, where the server is set up for any: linking one, and letting go of it.
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Identity } from "../../api/types.ts";
import { useConfirm } from "../../app/confirm.tsx";
import { Loading } from "../../app/loading.tsx";
import { useSession } from "../../app/session.tsx";
import { useLoaded } from "../../app/use-loaded.ts";
import { useSubmit } from "../../app/use-submit.ts";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Problem } from "../../ui/missing.tsx";
import { notify } from "../../ui/toasts.tsx";
import { SERVICES, type Service } from "../sign-in/services.ts";

export function Identities() {
  const { server } = useSession();
  const services = SERVICES.filter((service) => server?.sign_in_with.includes(service.provider));
  const isShown = services.length > 0;
  const loaded = useLoaded(api.identities, isShown);
  const identities = loaded.value;
  if (!isShown) return null;
  return (
    <section aria-labelledby="identities">
      <h2 id="identities">{t("settings.identities")}</h2>
      <Loading of={loaded} label={t("settings.identities-loading")} rows={1} />
      {identities &&
        services.map((service) => {
          const identity = identities.find(({ provider }) => provider === service.provider);
          return identity ? (
            <Linked key={service.provider} service={service} identity={identity} onChange={loaded.load} />
          ) : (
            <LinkForm key={service.provider} service={service} />
          );
        })}
    </section>
  );
}

function Linked(props: { service: Service; identity: Identity; onChange: () => Promise<void> }) {
  const { service, identity, onChange } = props;
  const confirm = useConfirm();
  const name = { service: service.title };
  async function unlink(): Promise<void> {
    const question = {
      title: t("settings.unlink-title", name),
      text: t("settings.unlink-text", name),
      action: t("settings.unlink-short"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    try {
      await api.unlinkIdentity(service.provider);
      await onChange();
    } catch (thrown) {
      notify(explain(thrown), true);
    }
  }
  return (
    <div className="stack">
      <p className="panel-text">
        <Rich
          id="settings.linked"
          values={{ ...name, login: identity.login }}
          parts={{ b: (children) => <b>{children}</b> }}
        />
      </p>
      <div>
        <Button onClick={() => void unlink()}>{t("settings.unlink", name)}</Button>
      </div>
    </div>
  );
}

function LinkForm({ service }: { service: Service }) {
  const { busy, onSubmit, errorOf, errorBeside } = useSubmit(async (form) => {
    const { url } = await api.linkIdentity(service.provider, String(form.get("current_password")));
    location.assign(url);
  });
  const problem = errorBeside("current_password");
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Problem>{problem}</Problem>
      <Field
        label={t("settings.password-current")}
        name="current_password"
        type="password"
        autoComplete="current-password"
        required
        hint={t("settings.link-hint", { service: service.title })}
        error={errorOf("current_password")}
      />
      <div>
        <Button type="submit" busy={busy}>
          {t("settings.link", { service: service.title })}
        </Button>
      </div>
    </form>
  );
}

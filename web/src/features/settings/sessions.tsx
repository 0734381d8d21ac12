// Where one is signed in, with a way to end each.
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Session } from "../../api/types.ts";
import { Loading } from "../../app/loading.tsx";
import { useLoaded } from "../../app/use-loaded.ts";
import { t } from "../../i18n/words.ts";
import { deviceOf } from "../../lib/device.ts";
import { fullTime, shortDate } from "../../lib/time.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { notify } from "../../ui/toasts.tsx";

export function Sessions() {
  const loaded = useLoaded(api.sessions);

  async function end(session: Session): Promise<void> {
    try {
      await api.revokeSession(session.id);
      await loaded.load();
    } catch (thrown) {
      notify(explain(thrown), true);
    }
  }

  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{t("settings.sessions")}</h2>
      <Loading of={loaded} label={t("settings.sessions-loading")} rows={2} />
      <ul className="sessions">
        {loaded.value?.map((session) => (
          <li key={session.id}>
            <div>
              <b>{deviceOf(session.user_agent)}</b>{" "}
              {session.current && <Tag>{t("settings.session-current")}</Tag>}
              <small>
                {t("settings.session-since", { date: shortDate(session.created_at) })}
                {session.ip && ` · ${session.ip}`} ·{" "}
                <time dateTime={session.last_seen_at} title={fullTime(session.last_seen_at)}>
                  {t("settings.session-seen", { date: shortDate(session.last_seen_at) })}
                </time>
              </small>
            </div>
            {!session.current && (
              <Button
                onClick={() => void end(session)}
                aria-label={t("settings.session-end-on", { device: deviceOf(session.user_agent) })}
              >
                {t("settings.session-end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

// Where one is signed in, with a way to end each.
import { useCallback, useEffect, useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { Session } from "../../api/types.ts";
import { deviceOf } from "../../lib/device.ts";
import { fullTime, shortDate } from "../../lib/time.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { notify } from "../../ui/toasts.tsx";

export function Sessions() {
  const [sessions, setSessions] = useState<readonly Session[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = useCallback(async () => {
    try {
      setSessions(await api.sessions());
      setError(null);
    } catch (thrown) {
      setError(explain(thrown));
    }
  }, []);
  useEffect(() => void load(), [load]);

  async function end(session: Session): Promise<void> {
    try {
      await api.revokeSession(session.id);
      await load();
    } catch (thrown) {
      notify(explain(thrown), true);
    }
  }

  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      {error && (
        <p className="problem">
          {error}{" "}
          <Button look="quiet" onClick={() => void load()}>
            Try again
          </Button>
        </p>
      )}
      {!sessions && !error && <Skeleton label="Loading your sessions" rows={2} />}
      <ul className="sessions">
        {sessions?.map((session) => (
          <li key={session.id}>
            <div>
              <b>{deviceOf(session.user_agent)}</b>
              {session.current && <span className="tag">this one</span>}
              <small>
                since {shortDate(session.created_at)}
                {session.ip && ` · ${session.ip}`} ·{" "}
                <time dateTime={session.last_seen_at} title={fullTime(session.last_seen_at)}>
                  last seen {shortDate(session.last_seen_at)}
                </time>
              </small>
            </div>
            {!session.current && (
              <Button
                onClick={() => void end(session)}
                aria-label={`End the session on ${deviceOf(session.user_agent)}`}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

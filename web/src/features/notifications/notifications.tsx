// What one is notified of in one conversation, and for how long it is muted: the same on all devices.
import { useEffect, useRef } from "react";
import { explain } from "../../actions/action.ts";
import type { Notify, PreferencesChange } from "../../api/types.ts";
import { useConversation } from "../../app/copy.ts";
import { useSync } from "../../app/session.tsx";
import { useTitleOf } from "../../app/title.ts";
import { MUTED_FOREVER_MS, mutedWords, useMuteEnds } from "../../app/told/muted.ts";
import { t } from "../../i18n/words.ts";
import { clockTime, tomorrowAt } from "../../lib/time.ts";
import type { Conversation } from "../../sync/state.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Choice } from "../../ui/field.tsx";
import { notify as say } from "../../ui/toasts.tsx";
import "./notifications.css";

const MINUTE_MS = 60_000;
/** Work begins then for most. */
const WORK_HOUR = 9;

export interface NotificationsProps {
  id: number;
  onClose: () => void;
}

export function Notifications({ id, onClose }: NotificationsProps) {
  const conversation = useConversation(id);
  const isGone = conversation === undefined;
  // One can be put out of a room meanwhile.
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  return conversation ? <Known conversation={conversation} onClose={onClose} /> : null;
}

function Known({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const sync = useSync();
  const name = useTitleOf()(conversation);
  const { id, preferences } = conversation.summary;
  const set = (change: PreferencesChange) => {
    sync.prefer(id, change).catch((error) => say(explain(error), true));
  };
  return (
    <Dialog title={t("notifications.of", { name })} onClose={onClose}>
      <div className="notifications">
        <Choice<Notify>
          label={t("notifications.notify-me")}
          hint={t("notifications.hint")}
          value={preferences.notify}
          onChange={(notify) => set({ notify })}
          choices={[
            { value: "usual", label: t("notifications.usual") },
            { value: "all", label: t("notifications.all") },
            { value: "mentions", label: t("notifications.mentions") },
            { value: "nothing", label: t("notifications.nothing") },
          ]}
        />
        <Mute conversation={conversation} onChange={(muted_until) => set({ muted_until })} />
      </div>
    </Dialog>
  );
}

interface MuteProps {
  conversation: Conversation;
  onChange: (until: string | null) => void;
}

function Mute({ conversation, onChange }: MuteProps) {
  useMuteEnds();
  const first = useRef<HTMLButtonElement>(null);
  const now = Date.now();
  const words = mutedWords(conversation.summary.preferences, now);
  const morning = tomorrowAt(now, WORK_HOUR);
  const until = (moment: number) => onChange(new Date(moment).toISOString());
  return (
    <section aria-labelledby="mute-title">
      <h3 id="mute-title">{t("notifications.mute")}</h3>
      <p className="hint">{t("notifications.mute-hint")}</p>
      <div className="mute-now">
        <p role="status">{words ?? t("notifications.not-muted")}</p>
        {words !== null && (
          <Button
            look="quiet"
            onClick={() => {
              first.current?.focus();
              onChange(null);
            }}
          >
            {t("actions.unmute")}
          </Button>
        )}
      </div>
      <div className="mute-times">
        <Button ref={first} onClick={() => until(Date.now() + 30 * MINUTE_MS)}>
          {t("notifications.mute-half-hour")}
        </Button>
        <Button onClick={() => until(Date.now() + 60 * MINUTE_MS)}>{t("notifications.mute-hour")}</Button>
        <Button onClick={() => until(morning)}>
          {t("notifications.mute-tomorrow", { time: clockTime(morning) })}
        </Button>
        <Button onClick={() => until(Date.now() + MUTED_FOREVER_MS)}>
          {t("notifications.mute-forever")}
        </Button>
      </div>
    </section>
  );
}

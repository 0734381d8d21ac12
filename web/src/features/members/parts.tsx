// What stands in the details of a conversation, for this member: who may not do something does not see it.
import { menuOf } from "../../actions/action.ts";
import { ROOM_ACTIONS } from "../../actions/room-actions.ts";
import { useHouse } from "../../app/house.ts";
import { useTitleOf } from "../../app/title.ts";
import { isolated } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { shortDate } from "../../lib/time.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { Invites } from "../invites/invites.tsx";
import { About } from "./about.tsx";
import { BannedList } from "./banned-list.tsx";
import { MemberList } from "./member-list.tsx";
import { PendingList } from "./pending-list.tsx";
import { Section } from "./section.tsx";

export function Parts({ conversation }: { conversation: Conversation }) {
  const { target, context } = useHouse();
  const title = useTitleOf()(conversation);
  const { summary } = conversation;
  const items = menuOf(ROOM_ACTIONS, { conversation, ...target }, context);
  return (
    <>
      {summary.kind === "direct" ? (
        <Section title={t("members.about")}>
          <p className="panel-text">
            <Rich
              id="members.about-direct"
              values={{ name: title, date: shortDate(summary.created_at) }}
              parts={{ name: isolated }}
            />
          </p>
        </Section>
      ) : (
        <About conversation={conversation} />
      )}
      {decides(conversation) && <PendingList conversation={conversation} context={context} />}
      <MemberList conversation={conversation} context={context} />
      {decides(conversation) && summary.archived_at === null && <Invites id={summary.id} />}
      {decides(conversation) && <BannedList id={summary.id} />}
      {items.length > 0 && (
        <Section title={t(summary.kind === "direct" ? "members.this-chat" : "members.this-room")}>
          <div className="panel-actions">
            {items.map(({ id, label, icon: Icon, danger, perform }) => (
              <button key={id} type="button" className={danger ? "row danger" : "row"} onClick={perform}>
                <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
                {label}
              </button>
            ))}
          </div>
          {summary.role === "owner" && <p className="panel-note">{t("members.owner-stays")}</p>}
        </Section>
      )}
    </>
  );
}

// Beside the conversation: what it is, who is in it, how others come in, and what one may do about all that.
import { X } from "lucide-react";
import { type ReactNode, useId, useMemo } from "react";
import { useLocation } from "wouter";
import { type Context, menuOf } from "../../actions/action.ts";
import { ROOM_ACTIONS } from "../../actions/room-actions.ts";
import { useConfirm } from "../../app/confirm.tsx";
import { useConversation, useMe } from "../../app/copy.ts";
import { useSync } from "../../app/session.tsx";
import { useTitleOf } from "../../app/title.ts";
import { shortDate } from "../../lib/time.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { IconButton } from "../../ui/button.tsx";
import { Invites } from "../invites/invites.tsx";
import { About } from "./about.tsx";
import { BannedList } from "./banned-list.tsx";
import { MemberList } from "./member-list.tsx";
import { PendingList } from "./pending-list.tsx";
import "./details.css";

export function Details({ id, onClose }: { id: number; onClose: () => void }) {
  const conversation = useConversation(id);
  return (
    <aside
      className="panel"
      aria-label="Details"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <div className="panel-head">
        <h2>Details</h2>
        <IconButton icon={X} label="Close details" tip="left" onClick={onClose} />
      </div>
      {conversation && <Known conversation={conversation} />}
    </aside>
  );
}

function Known({ conversation }: { conversation: Conversation }) {
  const sync = useSync();
  const me = useMe();
  const confirm = useConfirm();
  const [, go] = useLocation();
  const title = useTitleOf()(conversation);
  const context = useMemo<Context>(
    () => ({ sync, me, confirm, go, composer: null }),
    [sync, me, confirm, go],
  );
  const { summary } = conversation;
  const items = menuOf(ROOM_ACTIONS, { conversation }, context);
  return (
    <>
      {summary.kind === "direct" ? (
        <Section title="About">
          <p className="panel-text">
            A private chat between you and <bdi>{title}</bdi>, since {shortDate(summary.created_at)}.
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
        <Section title="This room">
          <div className="panel-actions">
            {items.map(({ id, label, icon: Icon, danger, perform }) => (
              <button key={id} type="button" className={danger ? "row danger" : "row"} onClick={perform}>
                <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
                {label}
              </button>
            ))}
          </div>
          {summary.role === "owner" && (
            <p className="panel-note">To leave the room, hand it over to somebody first.</p>
          )}
        </Section>
      )}
    </>
  );
}

export function Section({
  title,
  note,
  button,
  children,
}: {
  title: string;
  note?: string;
  button?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="panel-section" aria-labelledby={id}>
      <div className="panel-title">
        <h3 id={id}>
          {title} {note && <span className="role">{note}</span>}
        </h3>
        {button}
      </div>
      {children}
    </section>
  );
}

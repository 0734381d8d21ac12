// The list of everything one is in, with what is unread and who is there.
import { Plus, Settings as SettingsIcon } from "lucide-react";
import { type ReactNode, useId, useMemo } from "react";
import { Link } from "wouter";
import { useCopy, useMe } from "../../app/copy.ts";
import { useDialogs } from "../../app/dialogs.ts";
import { useDrafts } from "../../app/drafts.ts";
import { useStatus } from "../../app/status.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Mark } from "../../ui/mark.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { InboxLink } from "../inbox/inbox-link.tsx";
import { QuietButton, QuietLine } from "./quiet.tsx";
import { ConversationRow, RequestRow } from "./row.tsx";
import { sectionsOf } from "./sections.ts";
import "./sidebar.css";

export function Sidebar({ open }: { open: number | null }) {
  const me = useMe();
  const dialogs = useDialogs();
  const isReady = useCopy((state) => state.epoch !== null);
  const conversations = useCopy((state) => state.conversations);
  const requests = useCopy((state) => state.requests);
  const drafts = useDrafts(me.id);
  const sections = useMemo(() => sectionsOf(Object.values(conversations)), [conversations]);
  const row = (it: (typeof sections.rooms)[number]) => (
    <ConversationRow
      key={it.summary.id}
      conversation={it}
      isOpen={it.summary.id === open}
      hasDraft={it.summary.id !== open && drafts.has(it.summary.id)}
    />
  );
  return (
    <div className="side">
      <header className="brand">
        <Mark />
        <span>Parlor</span>
        <QuietButton />
      </header>
      <button
        type="button"
        className="find"
        onClick={() => dialogs.open("finder")}
        aria-keyshortcuts="Control+K"
      >
        <span>Find or go to…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <InboxLink />
      <nav className="side-list" aria-label="Conversations">
        {!isReady && <Skeleton label="Loading your conversations" rows={6} />}
        {isReady && (
          <>
            <Section title="Everyone">{sections.general.map(row)}</Section>
            <Section
              title="Rooms"
              button={
                <IconButton icon={Plus} size={18} label="New room" onClick={() => dialogs.open("new-room")} />
              }
            >
              {sections.rooms.map(row)}
              {Object.values(requests).map((request) => (
                <RequestRow
                  key={request.conversation_id}
                  request={request}
                  isOpen={request.conversation_id === open}
                />
              ))}
              {sections.rooms.length === 0 && Object.keys(requests).length === 0 && (
                <Empty onClick={() => dialogs.open("new-room")}>Make the first room</Empty>
              )}
            </Section>
            <Section
              title="People"
              button={
                <IconButton
                  icon={Plus}
                  size={18}
                  label="New private chat"
                  onClick={() => dialogs.open("finder")}
                />
              }
            >
              {sections.people.map(row)}
              {sections.people.length === 0 && (
                <Empty onClick={() => dialogs.open("finder")}>Find somebody to talk to</Empty>
              )}
            </Section>
          </>
        )}
      </nav>
      <QuietLine />
      <Me />
    </div>
  );
}

function Section({ title, button, children }: { title: string; button?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className="side-head">
        <h2 id={id}>{title}</h2>
        {button}
      </div>
      <ul>{children}</ul>
    </section>
  );
}

function Empty({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <li>
      <button type="button" className="row row-empty" onClick={onClick}>
        <span className="sign" aria-hidden="true">
          +
        </span>
        {children}
      </button>
    </li>
  );
}

function Me() {
  const me = useMe();
  const status = useStatus();
  return (
    <footer className="me">
      <Avatar
        initials={initials(me.display_name)}
        hue={hueOf(me.id)}
        size="large"
        dot={status.isLive ? "filled" : "hollow"}
      />
      <div className="me-text">
        <b>
          <bdi>{me.display_name}</bdi>
        </b>
        <small aria-hidden="true" title={status.text}>
          {status.text}
        </small>
      </div>
      <Link
        href="/settings"
        className="icon-button"
        aria-label="Settings"
        data-tip="Settings"
        data-tip-side="above"
      >
        <SettingsIcon size={20} strokeWidth={1.75} aria-hidden="true" />
      </Link>
    </footer>
  );
}

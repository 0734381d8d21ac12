// The list of everything one is in, with what is unread and who is there.
import { Plus, Settings as SettingsIcon } from "lucide-react";
import { useEffect, useMemo } from "react";
import { Link } from "wouter";
import { useCopy, useMe } from "../../app/copy.ts";
import { useDialogs } from "../../app/dialogs.ts";
import { useDrafts } from "../../app/drafts.ts";
import { useStatus } from "../../app/status.ts";
import { callsIn, isMuted, useMuteEnds } from "../../app/told/muted.ts";
import type { Key } from "../../i18n/keys.ts";
import { t } from "../../i18n/words.ts";
import { capsOf } from "../../lib/keys.ts";
import { hueOf, initials } from "../../lib/names.ts";
import type { State } from "../../sync/state.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Mark } from "../../ui/mark.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { InboxLink } from "../inbox/inbox-link.tsx";
import { QuietButton, QuietLine } from "./quiet.tsx";
import { ConversationRow, RequestRow } from "./row.tsx";
import { Empty, Section } from "./section.tsx";
import { type Section as Part, sectionsOf } from "./sections.ts";
import "./sidebar.css";
import { useLineMenu } from "./use-line-menu.tsx";
import { lingerAt, lingeringAt, type SectionId, setView, useView } from "./view.ts";
import { FilterLine, ViewButton } from "./view-button.tsx";

const TITLES: Readonly<Record<SectionId, Key>> = {
  favourites: "sidebar.favourites",
  everyone: "sidebar.everyone",
  rooms: "sidebar.rooms",
  people: "sidebar.people",
};

export function Sidebar({ open }: { open: number | null }) {
  const dialogs = useDialogs();
  const isReady = useCopy((state) => state.epoch !== null);
  const view = useView();
  const parts = useParts(open);
  const requests = Object.values(useCopy((state) => state.requests));
  const lines = useLineMenu();
  const isWhole = (id: SectionId) => !view.onlyUnread && !view.collapsed.includes(id);
  const shown = parts.filter(({ id, rows, count }) => {
    return rows.length > 0 || (!view.onlyUnread && (count > 0 || id === "rooms" || id === "people"));
  });
  return (
    <div className="side">
      <header className="brand">
        <Mark />
        <span>Parlor</span>
        <ViewButton />
        <QuietButton />
      </header>
      <button
        type="button"
        className="find"
        onClick={() => dialogs.open("finder")}
        aria-keyshortcuts="Control+K"
      >
        <span>{t("sidebar.find")}</span>
        {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: the name of a key takes no focus; it is told with the button. */}
        <kbd aria-hidden="true">{capsOf("Ctrl K").join(" ")}</kbd>
      </button>
      <InboxLink />
      <FilterLine isEmpty={isReady && shown.length === 0} />
      <nav className="side-list" aria-label={t("sidebar.label")} {...lines.handlers}>
        {!isReady && <Skeleton label={t("sidebar.loading")} rows={6} />}
        {isReady &&
          shown.map((part) => (
            <Section
              key={part.id}
              title={t(TITLES[part.id])}
              isCollapsed={view.collapsed.includes(part.id)}
              onCollapse={(is) => collapse(part.id, is, view.collapsed)}
              button={<NewButton of={part.id} />}
            >
              <Rows part={part} open={open} chosen={lines.chosen} />
              {part.id === "rooms" &&
                isWhole("rooms") &&
                requests.map((request) => (
                  <RequestRow
                    key={request.conversation_id}
                    request={request}
                    isOpen={request.conversation_id === open}
                  />
                ))}
              {isWhole(part.id) && (
                <Beginning part={part} isAsking={part.id === "rooms" && requests.length > 0} />
              )}
            </Section>
          ))}
        {lines.menu}
      </nav>
      <QuietLine />
      <Me />
    </div>
  );
}

/** The sections as they are shown. What one opens because something is new there keeps its place while it is open. */
function useParts(open: number | null): Part[] {
  const conversations = useCopy((state) => state.conversations);
  const view = useView();
  const lingering = lingeringAt();
  const round = useMuteEnds();
  useEffect(() => {
    const summary = open === null ? undefined : conversations[open]?.summary;
    if (summary && callsIn(summary, Date.now()) > 0) lingerAt(open);
    else if (lingeringAt() !== open) lingerAt(null);
  }, [conversations, open]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with the round the time has gone on.
  return useMemo(() => {
    const look = { view, open, lingering: lingering === open ? lingering : null, now: Date.now() };
    return sectionsOf(Object.values(conversations), look);
  }, [conversations, view, open, lingering, round]);
}

function Rows({ part, open, chosen }: { part: Part; open: number | null; chosen: number | null }) {
  const drafts = useDrafts(useMe().id);
  const now = Date.now();
  return part.rows.map((it) => {
    const { id, preferences } = it.summary;
    return (
      <ConversationRow
        key={id}
        conversation={it}
        isOpen={id === open}
        isMuted={isMuted(preferences, now)}
        isChosen={id === chosen}
        hasDraft={id !== open && drafts.has(id)}
      />
    );
  });
}

function collapse(id: SectionId, is: boolean, collapsed: readonly SectionId[]): void {
  const others = collapsed.filter((one) => one !== id);
  setView({ collapsed: is ? [...others, id] : others });
}

function NewButton({ of }: { of: SectionId }) {
  const dialogs = useDialogs();
  const isRooms = of === "rooms";
  if (!isRooms && of !== "people") return null;
  return (
    <IconButton
      icon={Plus}
      size={18}
      label={t(isRooms ? "sidebar.new-room" : "sidebar.new-chat")}
      onClick={() => dialogs.open(isRooms ? "new-room" : "finder")}
    />
  );
}

/** In a house where nobody has begun anything yet. */
function Beginning({ part: { id, count }, isAsking }: { part: Part; isAsking: boolean }) {
  const dialogs = useDialogs();
  const hasFavourites = useCopy((state) => hasFavourite(state, id === "rooms" ? "room" : "direct"));
  if (count > 0 || isAsking || hasFavourites) return null;
  if (id === "rooms") {
    return <Empty onClick={() => dialogs.open("new-room")}>{t("sidebar.first-room")}</Empty>;
  }
  if (id === "people") {
    return <Empty onClick={() => dialogs.open("finder")}>{t("sidebar.find-somebody")}</Empty>;
  }
  return null;
}

function hasFavourite({ conversations }: State, kind: string): boolean {
  return Object.values(conversations).some(({ summary }) => {
    return summary.kind === kind && summary.preferences.favourite;
  });
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
        aria-label={t("sidebar.settings")}
        data-tip={t("sidebar.settings")}
        data-tip-side="above"
      >
        <SettingsIcon size={20} strokeWidth={1.75} aria-hidden="true" />
      </Link>
    </footer>
  );
}

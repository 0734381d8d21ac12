// The house from inside: the sidebar, what is open, and the details beside it; on narrow screens one after the other.
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, Redirect, Route, Switch, useLocation, useRoute } from "wouter";
import { ConversationPage } from "../features/conversation/conversation-page.tsx";
import { Sidebar } from "../features/sidebar/sidebar.tsx";
import { whenIdle } from "../lib/idle.ts";
import { readItem, writeItem } from "../lib/storage.ts";
import { Notice, Skeleton } from "../ui/skeleton.tsx";
import { notify } from "../ui/toasts.tsx";
import { NARROW, useMedia, WIDE } from "../ui/use-media.ts";
import { useCopy } from "./copy.ts";
import { DialogsContext, type OpenDialog } from "./dialogs.ts";
import { laterDialog, laterPage, loadParts } from "./later.tsx";
import { useNewVersion } from "./new-version.ts";
import { useOwnLinks } from "./own-links.ts";
import { type OpenProfile, ProfilesContext } from "./profiles.ts";
import { useSync } from "./session.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { useStatus } from "./status.ts";
import { useWindowTitle } from "./title.ts";
import { useBadge } from "./told/badge.ts";
import { useTold } from "./told/use-told.ts";
import { useDeletions } from "./use-deletions.ts";
import "./shell.css";
import { t, withWords } from "../i18n/words.ts";

const Administration = laterPage(() =>
  withWords(import("../features/administration/administration.tsx")).then((part) => part.Administration),
);
const Details = laterPage(() =>
  withWords(import("../features/members/details.tsx")).then((part) => part.Details),
);
const Finder = laterDialog(() =>
  withWords(import("../features/finder/finder.tsx")).then((part) => part.Finder),
);
const Inbox = laterPage(() => withWords(import("../features/inbox/inbox.tsx")).then((part) => part.Inbox));
const NewRoom = laterDialog(() =>
  withWords(import("../features/new-room/new-room.tsx")).then((part) => part.NewRoom),
);
const Notifications = laterDialog(() =>
  withWords(import("../features/notifications/notifications.tsx")).then((part) => part.Notifications),
);
const Profile = laterDialog(() =>
  withWords(import("../features/profile/profile.tsx")).then((part) => part.Profile),
);
const Settings = laterPage(() =>
  withWords(import("../features/settings/settings.tsx")).then((part) => part.Settings),
);
const Shortcuts = laterDialog(() =>
  withWords(import("../features/shortcuts/shortcuts.tsx")).then((part) => part.Shortcuts),
);

const PANEL_KEY = "parlor.panel";

export function Shell() {
  const sync = useSync();
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const dialogs = useMemo(() => ({ open: setDialog }), []);
  const [profile, setProfile] = useState<OpenProfile | null>(null);
  const profiles = useMemo(() => ({ open: setProfile, box: { current: null } }), []);
  const [inRoom, room] = useRoute("/c/:id/*?");
  const id = inRoom ? Number(room.id) : null;
  const isKnown = useCopy((state) => id !== null && state.conversations[id] !== undefined);
  const panel = usePanel(id, isKnown);
  useShortcuts(dialogs);
  useRefusals(id);
  useTold();
  useBadge();
  useDeletions();
  useNewVersion();
  useOwnLinks();

  useEffect(() => sync.open(id), [sync, id]);
  useEffect(() => whenIdle(loadParts), []);
  // Who presses Ctrl+K types at once: the box is to be there.
  useEffect(() => void Finder.load().catch(() => {}), []);

  const [path] = useLocation();
  const view = path === "/" ? "list" : panel.isPage && isKnown ? "details" : "talk";
  useFocusAfter(view, id);
  return (
    <DialogsContext value={dialogs}>
      <ProfilesContext value={profiles}>
        <a className="skip" href="#talk">
          {t("app.skip")}
        </a>
        <div className="app" data-view={view} data-panel={panel.isOpen || undefined}>
          <Sidebar open={id} />
          <main className="talk" id="talk" tabIndex={-1}>
            <Switch>
              <Route path="/c/:id/*?">
                {({ id: asked }) => (
                  <ConversationPage
                    key={asked}
                    id={Number(asked)}
                    isPanelOpen={panel.isOpen}
                    onPanel={panel.toggle}
                  />
                )}
              </Route>
              <Route path="/inbox" component={Inbox} />
              <Route path="/settings" component={Settings} />
              <Route path="/administration">
                <Administration nothing={<Nowhere />} />
              </Route>
              <Route path="/" component={Home} />
              <Route component={Nowhere} />
            </Switch>
          </main>
          {panel.isOpen && id !== null && <Details key={id} id={id} onClose={panel.toggle} />}
        </div>
        <SpokenStatus />
        {dialog === "finder" && <Finder onClose={() => setDialog(null)} />}
        {dialog === "shortcuts" && <Shortcuts onClose={() => setDialog(null)} />}
        {dialog !== null && typeof dialog === "object" && (
          <Notifications id={dialog.notificationsOf} onClose={() => setDialog(null)} />
        )}
        {dialog === "new-room" && <NewRoom onClose={() => setDialog(null)} />}
        {profile && <Profile profile={profile} onClose={() => setProfile(null)} />}
      </ProfilesContext>
    </DialogsContext>
  );
}

/** How things stand, for the screen reader: outside of everything that can be hidden. */
function SpokenStatus() {
  return (
    <p className="hidden-text" role="status">
      {useStatus().spoken}
    </p>
  );
}

/** The details: beside the conversation where there is room, a page of their own where there is not. */
function usePanel(id: number | null, isKnown: boolean) {
  const isWide = useMedia(WIDE);
  const [isPage] = useRoute("/c/:id/details");
  const [, go] = useLocation();
  const [isWanted, setIsWanted] = useState(() => readItem(PANEL_KEY) !== "closed");
  const isOpen = isKnown && (isPage || (isWide && isWanted));
  const toggle = () => {
    if (isPage) {
      // Back to where one came from: the entry before is the conversation.
      go(`/c/${id}`, { replace: true });
    } else if (!isWide) {
      go(`/c/${id}/details`);
      return;
    }
    setIsWanted(!isOpen);
    if (isWide) writeItem(PANEL_KEY, isOpen ? "closed" : "open");
  };
  return { isOpen, isPage, toggle };
}

/** Being turned away is said wherever one is; at the door itself the page says it. */
function useRefusals(open: number | null): void {
  const refused = useCopy((state) => state.refused);
  const told = useRef(refused);
  useEffect(() => {
    for (const { conversation_id, name } of Object.values(refused)) {
      const isNew = told.current[conversation_id] === undefined;
      if (isNew && conversation_id !== open) notify(t("app.refused", { name }));
    }
    told.current = refused;
  }, [refused, open]);
}

/** A step can hide what had the focus: it goes to where one is now, or back to where one came from. */
function useFocusAfter(view: "list" | "talk" | "details", id: number | null): void {
  const isNarrow = useMedia(NARROW);
  const isWide = useMedia(WIDE);
  const lastId = useRef(id);
  const lastView = useRef(view);
  useEffect(() => {
    const from = lastView.current;
    lastView.current = view;
    const row = `.side a[href="/c/${lastId.current}"]`;
    if (id !== null) lastId.current = id;
    if (isWide || from === view) return;
    if (view === "details") focusFirst(".panel-head button");
    else if (from === "details") focusFirst(".top [aria-pressed]");
    else if (isNarrow) focusFirst(view === "list" ? row : "#talk", ".find");
  }, [view, id, isNarrow, isWide]);
}

function focusFirst(...selectors: string[]): void {
  const found = selectors.map((selector) => document.querySelector<HTMLElement>(selector));
  found.find((element) => element !== null)?.focus();
}

/** Where there is room for more than the list, the list alone would be a waste: General is open to everyone. */
function Home() {
  const isNarrow = useMedia(NARROW);
  const isReady = useCopy((state) => state.epoch !== null);
  const general = useCopy((state) => {
    return Object.values(state.conversations).find((it) => it.summary.kind === "general")?.summary.id ?? null;
  });
  useWindowTitle(null);
  if (!isReady) return <Skeleton label={t("app.loading")} rows={6} round />;
  if (!isNarrow && general !== null) return <Redirect to={`/c/${general}`} replace />;
  return null;
}

function Nowhere() {
  useWindowTitle(t("app.not-found"));
  return (
    <Notice title={t("app.nothing-here")}>
      <p>{t("app.nothing-here-text")}</p>
      <Link className="button plain" href="/">
        {t("join.to-parlor")}
      </Link>
    </Notice>
  );
}

// The inbox: everything that concerns me, from all conversations, in one place. Each thing leads to where it happened, and
// the browser's way back leads here again, to the same place.
import { Inbox as InboxSign } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { InboxItem } from "../../api/types.ts";
import { useCopy } from "../../app/copy.ts";
import { useWindowTitle } from "../../app/title.ts";
import { mentionsOf, requestsOf } from "../../app/wants-me.ts";
import { type Key, t } from "../../i18n/words.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Badge, shorten } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Missing } from "../../ui/missing.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ItemRow } from "./item-row.tsx";
import { keepPlace, keptPlace, keyOf, type Tab } from "./kept.ts";
import { Requests, useHasRequests } from "./requests.tsx";
import { type Inbox as InboxPages, useInbox } from "./use-inbox.ts";
import "./inbox.css";

const EMPTY: Readonly<Record<Tab, Key>> = {
  all: "inbox.empty",
  mentions: "inbox.empty-mentions",
  reactions: "inbox.empty-reactions",
  requests: "inbox.empty-requests",
};

export function Inbox() {
  useWindowTitle(t("inbox.title"));
  const inbox = useInbox();
  const box = useRef<HTMLDivElement>(null);
  const [tab, setTab] = useState<Tab>(() => keptPlace()?.tab ?? "all");
  const mentions = useCopy(mentionsOf);
  const requests = useCopy(requestsOf);
  useReturn(box);
  const onLeave = (key: string | null) => keepPlace({ tab, scroll: box.current?.scrollTop ?? 0, key });
  const note = (count: number) =>
    count > 0 && <Badge wants shown={shorten(count)} words={t("inbox.wants", { count })} />;
  return (
    <>
      <header className="top">
        <BackLink href="/" label={t("inbox.back")} isBeside />
        <div className="top-text">
          <h1>{t("inbox.title")}</h1>
        </div>
      </header>
      <div className="inbox" ref={box}>
        <div className="inbox-page">
          <Tabs
            label={t("inbox.parts")}
            value={tab}
            onChange={(next) => {
              setTab(next);
              keepPlace({ tab: next, scroll: 0, key: null });
            }}
            tabs={[
              { value: "all", label: t("inbox.all") },
              { value: "mentions", label: t("inbox.mentions"), note: note(mentions) },
              { value: "reactions", label: t("inbox.reactions") },
              { value: "requests", label: t("inbox.requests"), note: note(requests) },
            ]}
          >
            <Offline />
            {(tab === "all" || tab === "requests") && <Requests />}
            <Page tab={tab} inbox={inbox} onLeave={onLeave} />
          </Tabs>
        </div>
      </div>
    </>
  );
}

interface PageProps {
  tab: Tab;
  inbox: InboxPages;
  onLeave: (key: string) => void;
}

function Page({ tab, inbox, onLeave }: PageProps) {
  const hasRequests = useHasRequests();
  const { pages, error, isLoading, load } = inbox;
  const isIn = (item: InboxItem) => tab === "all" || `${item.kind}s` === tab;
  const items = pages.items.filter(isIn);
  const fresh = inbox.fresh.filter(isIn);
  const isRequests = tab === "requests";
  const isEmpty = items.length === 0 && fresh.length === 0 && (isRequests || pages.next === null);
  // What one looks for may stand on a later page.
  const isSought = !isRequests && items.length === 0 && typeof pages.next === "string" && !error;
  useEffect(() => {
    if (isSought && !isLoading) load();
  }, [isSought, isLoading, load]);
  return (
    <>
      <div role="status">
        {fresh.length > 0 && (
          <Button look="strong" onClick={inbox.showFresh}>
            {t("inbox.new", { count: fresh.length })}
          </Button>
        )}
      </div>
      {!isRequests && items.length > 0 && (
        <ul className="inbox-items">
          {items.map((item) => (
            <ItemRow key={keyOf(item)} item={item} onLeave={onLeave} />
          ))}
        </ul>
      )}
      {isEmpty && !(hasRequests && (isRequests || tab === "all")) && (
        <Empty icon={InboxSign} text={t(EMPTY[tab])} />
      )}
      {!isRequests && <Foot inbox={inbox} isShort={items.length === 0} />}
    </>
  );
}

function Foot({
  inbox: { pages, error, isLoading, load },
  isShort,
}: {
  inbox: InboxPages;
  isShort: boolean;
}) {
  if (error) {
    return <Missing why={error} isAsked={isLoading} onRetry={load} />;
  }
  if (pages.next === null) return null;
  if (isShort) return <Skeleton label={t("inbox.loading")} rows={5} round />;
  return (
    <div className="inbox-foot">
      <Button busy={isLoading} onClick={load}>
        {t("inbox.older")}
      </Button>
    </div>
  );
}

function Offline() {
  const isOffline = useCopy((state) => state.connection.phase === "offline");
  return <p role="status">{isOffline && <span className="inbox-note">{t("inbox.offline")}</span>}</p>;
}

/** Who comes back is where they were, and at what they left by. */
function useReturn(box: React.RefObject<HTMLDivElement | null>): void {
  const place = useRef(keptPlace());
  useLayoutEffect(() => {
    const { current: kept } = place;
    if (!kept || !box.current) return;
    box.current.scrollTop = kept.scroll;
    if (kept.key === null) return;
    box.current
      .querySelector<HTMLElement>(`[data-key="${CSS.escape(kept.key)}"]`)
      ?.focus({ preventScroll: true });
  }, [box]);
}

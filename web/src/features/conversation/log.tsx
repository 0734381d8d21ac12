// The log of a conversation: what was said, from top to bottom, and how one moves through it.
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useMemo, useRef } from "react";
import type { Context } from "../../actions/action.ts";
import { useCopy, useOutgoing } from "../../app/copy.ts";
import { usePeople } from "../../app/people.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { Details } from "./details.tsx";
import { LinkLine } from "./link-line.tsx";
import { LogEdge } from "./log-edge.tsx";
import { isText, neighbourOf, opensMenu, perform } from "./log-keys.ts";
import { LogRow } from "./log-row.tsx";
import { LogStart } from "./log-start.tsx";
import { MessageMenu } from "./message-menu.tsx";
import { BackPill, LatestPill, UnreadPill } from "./pills.tsx";
import { useReadBy } from "./read-by.ts";
import { rowsOf } from "./rows.ts";
import { useActiveRow } from "./use-active-row.ts";
import { useAnnouncements } from "./use-announcements.ts";
import { useArrival } from "./use-arrival.ts";
import { useJumps } from "./use-jumps.ts";
import { useLinked, useLinkedSeq } from "./use-linked.ts";
import { useLogMenu } from "./use-log-menu.ts";
import { useLogMovement } from "./use-log-movement.ts";
import { useLogScroll } from "./use-log-scroll.ts";
import { useMarked } from "./use-marked.ts";
import { useNewLine, useReading } from "./use-reading.ts";
import { useRowContext } from "./use-row-context.ts";
import { useToday } from "./use-today.ts";

export interface LogHandle {
  toBottom: () => void;
  focusLast: () => void;
}

export interface LogProps {
  conversation: Conversation;
  title: string;
  context: Context;
  ref: Ref<LogHandle>;
  /** Leads back to the box in which one writes. */
  onEscape: () => void;
}

const EMPTY_WINDOW = { messages: [], hasOlder: false, hasNewer: false };

export function Log({ conversation, title, context, ref, onEscape }: LogProps) {
  const { sync, me } = context;
  const { id, last_seq: lastSeq } = conversation.summary;
  const { messages, hasOlder, hasNewer } = conversation.window ?? EMPTY_WINDOW;
  const { stuck } = conversation;
  const isLive = useCopy((state) => state.connection.phase === "live");
  const moved = useRef(() => {});
  const scroll = useLogScroll(hasNewer, moved);
  const { box, list, isAtBottom } = scroll;
  const linkedSeq = useLinkedSeq();
  const { hasArrived, isComing } = useArrival(conversation);
  const look = useReading(sync, id, box, linkedSeq !== null || isComing);
  const line = useNewLine(conversation, isAtBottom, hasArrived);
  const { newAfter } = line;
  useMarked(sync, conversation, isAtBottom);
  useLogMovement(moved, box, look, { sync, conversation });
  const { lit, jumpTo, cameFrom, goBack, stay, toLatest } = useJumps({
    sync,
    id,
    scroll,
    lastSeq,
    hasNewer,
    line,
    stuck,
    isLinked: linkedSeq !== null,
    moved,
  });
  const linked = useLinked(linkedSeq, { id, lastSeq, isLive, list, lit, jumpTo });
  useAnnouncements(conversation, me.id);
  useToday();
  useEffect(() => sync.following(id, isAtBottom), [sync, id, isAtBottom]);

  const outgoing = useOutgoing(id);
  const rows = useMemo(
    () => rowsOf({ messages, outgoing: hasNewer ? [] : outgoing, me: me.id, newAfter }),
    [messages, outgoing, hasNewer, me.id, newAfter],
  );
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages]);
  const keys = useMemo(() => new Set(rows.map((row) => row.key)), [rows]);
  const lastKey = rows.findLast((row) => row.kind === "message")?.key ?? null;
  const active = useActiveRow((key) => keys.has(key), lastKey);
  const readBy = useReadBy(conversation, me.id);
  const people = usePeople(conversation);
  const messageAt = (element: EventTarget) => {
    const row = (element as Element).closest<HTMLElement>("[data-seq]");
    const message = row && messages.find((it) => it.seq === Number(row.dataset.seq));
    return row && message ? { row, message } : null;
  };
  const menu = useLogMenu(messageAt);
  const rowContext = useRowContext({
    conversation,
    context,
    people,
    onMenu: (message, button) => menu.openAt(message, { under: button }),
    onJump: (message, from) => jumpTo(message.seq, from.seq),
    onDetail: menu.show,
  });

  useImperativeHandle(ref, () => ({
    toBottom: toLatest,
    focusLast: () => list.current?.querySelector<HTMLElement>(`[data-key="${lastKey}"]`)?.focus(),
  }));

  const onKeyDown = (event: KeyboardEvent) => {
    const found = messageAt(event.target);
    // Keys inside of a message (a link, a reaction) belong to what has the focus there.
    if (!found || found.row !== event.target) return;
    const { row, message } = found;
    // Who clicked on a message and types wants to write.
    if (active.isByPointer() && isText(event)) return onEscape();
    // Keys that work everywhere are not the log's.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = neighbourOf(row, event.key);
    if (next) {
      active.byKeyboard();
      next.focus();
    } else if (opensMenu(event)) {
      menu.openAt(message, { under: row.querySelector<HTMLElement>(".bubble") ?? row });
    } else if (event.key === "Escape") onEscape();
    else if (event.key.toLowerCase() === "b" && cameFrom !== null) goBack();
    else if (!perform(event, { message, conversation }, context)) return;
    event.preventDefault();
  };

  const withSeq = (seq: number | undefined) => messages.find((message) => message.seq === seq);
  const menuMessage = withSeq(menu.open?.seq);
  const detailMessage = withSeq(menu.detail?.seq);
  return (
    <div className="log-frame">
      <LinkLine {...linked} />
      <UnreadPill conversation={conversation} onJump={jumpTo} onRead={() => sync.read(id, lastSeq)} />
      <div className="log" ref={box} onScroll={scroll.onScroll}>
        {/* Said by the live region, once: a log that speaks by itself would say every page of history. */}
        <div
          className="log-list"
          ref={list}
          role="log"
          aria-live="off"
          aria-label={t("conversation.log", { title })}
          onKeyDown={onKeyDown}
          {...active.handlers}
          {...menu.handlers}
          onPointerDown={(event) => {
            active.handlers.onPointerDown();
            menu.handlers.onPointerDown(event);
          }}
        >
          {hasOlder ? (
            <LogEdge
              side="older"
              stuck={stuck?.kind === "older" ? stuck : null}
              onRetry={() => sync.turnAgain(id)}
            />
          ) : (
            <LogStart conversation={conversation} title={title} isEmpty={rows.length === 0} />
          )}
          {rows.map((row) => (
            <LogRow
              key={row.key}
              row={row}
              sync={sync}
              isLive={isLive}
              isStop={row.key === active.stopKey}
              isActive={
                active.isActive(row.key) || (row.kind === "message" && menu.open?.seq === row.message.seq)
              }
              isLit={row.key === lit}
              readBy={row.kind === "message" && readBy?.seq === row.message.seq ? readBy : null}
              replied={
                row.kind === "message" && row.message.reply_to ? byId.get(row.message.reply_to) : undefined
              }
              context={rowContext}
            />
          ))}
          {hasNewer && (
            <LogEdge
              side="newer"
              stuck={stuck?.kind === "newer" ? stuck : null}
              onRetry={() => sync.turnAgain(id)}
            />
          )}
        </div>
      </div>
      <div className="pills">
        {cameFrom !== null && <BackPill onBack={goBack} onStay={stay} />}
        {!isAtBottom && <LatestPill unread={conversation.summary.unread} onClick={toLatest} />}
      </div>
      {menu.open && menuMessage && (
        <MessageMenu
          target={{ message: menuMessage, conversation }}
          place={menu.open.place}
          context={context}
          onDetail={(detail) => menu.show(detail, menuMessage)}
          onClose={menu.close}
        />
      )}
      {menu.detail && detailMessage && (
        <Details
          detail={menu.detail.what}
          message={detailMessage}
          conversation={conversation}
          people={people}
          me={me.id}
          onClose={menu.closeDetail}
        />
      )}
    </div>
  );
}

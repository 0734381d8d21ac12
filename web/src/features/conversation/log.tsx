// The log of a conversation: what was said, from top to bottom, and how one moves through it.
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { type Context, explain, type MessageTarget, run } from "../../actions/action.ts";
import { MESSAGE_ACTIONS } from "../../actions/message-actions.ts";
import { canReact, toggleReaction } from "../../actions/react.ts";
import type { Message } from "../../api/types.ts";
import { useCopy, useOutgoing } from "../../app/copy.ts";
import { usePeople } from "../../app/people.ts";
import { clockTime, dayName } from "../../lib/time.ts";
import type { Conversation } from "../../sync/state.ts";
import type { MenuPlace } from "../../ui/menu.tsx";
import { notify } from "../../ui/toasts.tsx";
import { MessageMenu } from "./message-menu.tsx";
import { MessageRow, type RowContext } from "./message-row.tsx";
import { OutgoingRow } from "./outgoing-row.tsx";
import { readByOf } from "./read-by.ts";
import { type Row, rowsOf } from "./rows.ts";
import { useAnnouncements } from "./use-announcements.ts";
import { useLogScroll } from "./use-log-scroll.ts";
import { useNewLine, useReading } from "./use-reading.ts";

/** Closer to an end than this, the next page is fetched. */
const FETCH_PX = 800;
const LOOK_AGAIN_MS = 1_000;
/** How long a message that one jumped to is marked. */
const LIT_MS = 1_600;

export interface LogHandle {
  toBottom: () => void;
  focusLast: () => void;
}

export interface LogProps {
  conversation: Conversation;
  title: string;
  context: Context;
  ref: Ref<LogHandle>;
  /** Escape leads back to the box in which one writes. */
  onEscape: () => void;
}

export function Log({ conversation, title, context, ref, onEscape }: LogProps) {
  const { sync, me } = context;
  const { id, last_seq, unread } = conversation.summary;
  const { messages, hasOlder, hasNewer } = conversation.window ?? EMPTY_WINDOW;
  const outgoing = useOutgoing(id);
  const isLive = useCopy((state) => state.connection.phase === "live");
  const [menu, setMenu] = useState<{ seq: number; place: MenuPlace } | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const [stop, setStop] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const target = useRef<{ seq: number; isLit: boolean } | null>(null);
  const [lit, setLit] = useState<string | null>(null);

  const moved = useRef(() => {});
  const scroll = useLogScroll(hasNewer, () => moved.current());
  const { box, list, isAtBottom, toBottom, toRow } = scroll;
  const look = useReading(sync, id, box);
  const newAfter = useNewLine(conversation, isAtBottom);
  useAnnouncements(conversation, me.id);

  const rows = useMemo(
    () => rowsOf({ messages, outgoing: hasNewer ? [] : outgoing, me: me.id, newAfter }),
    [messages, outgoing, hasNewer, me.id, newAfter],
  );
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages]);
  const lastKey = rows.findLast((row) => row.kind === "message")?.key ?? null;
  const stopKey = rows.some((row) => row.key === stop) ? stop : lastKey;
  const readBy = readByOf(conversation, me.id);

  moved.current = () => {
    const { current: outer } = box;
    if (!outer) return;
    look();
    if (hasOlder && outer.scrollTop < FETCH_PX) sync.loadOlder(id);
    const rest = outer.scrollHeight - outer.scrollTop - outer.clientHeight;
    if (hasNewer && rest < FETCH_PX) sync.loadNewer(id);
  };

  // One begins where one stopped reading, or at the end.
  const isFirstLook = useRef(true);
  useEffect(() => {
    if (isFirstLook.current) {
      isFirstLook.current = false;
      // Above the very first message there is no line.
      const isThere = newAfter !== null && (toRow("new") || toRow(`m${newAfter + 1}`));
      if (!isThere) toBottom();
    }
    const wanted = target.current;
    if (wanted && toRow(`m${wanted.seq}`)) {
      target.current = null;
      if (wanted.isLit) setLit(`m${wanted.seq}`);
    }
    moved.current();
  });

  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(null), LIT_MS);
    return () => clearTimeout(timer);
  }, [lit]);

  // A page that could not be fetched is asked for again, although nothing moves.
  useEffect(() => {
    const timer = setInterval(() => moved.current(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);

  useEffect(() => sync.following(id, isAtBottom), [sync, id, isAtBottom]);

  const jumpTo = useCallback(
    (seq: number, isLit: boolean) => {
      target.current = { seq, isLit };
      if (toRow(`m${seq}`)) {
        target.current = null;
        if (isLit) setLit(`m${seq}`);
      } else sync.loadAround(id, seq);
    },
    [sync, id, toRow],
  );

  const toLatest = useCallback(() => {
    if (hasNewer) {
      target.current = { seq: last_seq, isLit: false };
      sync.loadNewest(id);
    } else toBottom();
  }, [hasNewer, last_seq, sync, id, toBottom]);

  const focusRow = useCallback(
    (key: string | null) => {
      const row = key && list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      if (row) row.focus();
    },
    [list],
  );
  useImperativeHandle(ref, () => ({ toBottom: toLatest, focusLast: () => focusRow(lastKey) }), [
    toLatest,
    focusRow,
    lastKey,
  ]);

  const people = usePeople(conversation);
  const current = useRef({ conversation, context });
  current.current = { conversation, context };
  const rowContext = useMemo<RowContext>(() => {
    const targetOf = (message: Message): MessageTarget => ({
      message,
      conversation: current.current.conversation,
    });
    return {
      me: me.id,
      usernames: people.usernames,
      nameOf: people.nameOf,
      knownName: people.knownName,
      canReact: conversation.summary.archived_at === null,
      onToggle(message, emoji) {
        toggleReaction(targetOf(message), emoji, current.current.context).catch((error) =>
          notify(explain(error), true),
        );
      },
      onReply: (message) => current.current.context.composer?.reply(message),
      onMenu: (message, button) => setMenu({ seq: message.seq, place: { under: button } }),
      onJump: (message) => jumpTo(message.seq, true),
    };
  }, [me.id, people, conversation.summary.archived_at, jumpTo]);

  const messageAt = (element: EventTarget) => {
    const row = (element as Element).closest<HTMLElement>("[data-seq]");
    const message = row && messages.find((it) => it.seq === Number(row.dataset.seq));
    return row && message ? { row, message } : null;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const found = messageAt(event.target);
    // Keys inside of a message (a link, a reaction) belong to what has the focus there.
    if (!found || found.row !== event.target) return;
    const { row, message } = found;
    const next = neighbourOf(row, event.key);
    if (next) next.focus();
    else if (
      event.key === "Enter" ||
      event.key === "ContextMenu" ||
      (event.shiftKey && event.key === "F10")
    ) {
      setMenu({ seq: message.seq, place: { under: row.querySelector<HTMLElement>(".bubble") ?? row } });
    } else if (event.key === "Escape") onEscape();
    else if (!shortcut(event, { message, conversation }, context)) return;
    event.preventDefault();
  };

  const menuMessage = menu && messages.find((message) => message.seq === menu.seq);
  const firstNew = (newAfter ?? last_seq) + 1;
  const isNewAbove = newAfter !== null && hasOlder && (messages[0]?.seq ?? 0) > firstNew;

  return (
    <div className="log-frame">
      {isNewAbove && (
        <button type="button" className="pill above" onClick={() => jumpTo(firstNew, true)}>
          <ArrowUp size={16} aria-hidden="true" />
          {last_seq - firstNew + 1} new: go to the first
        </button>
      )}
      <div className="log" ref={box} onScroll={scroll.onScroll}>
        {/* Said by the live region, once: a log that speaks by itself would say every page of history. */}
        <div
          className="log-list"
          ref={list}
          role="log"
          aria-live="off"
          aria-label={`Messages in ${title}`}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            const key = messageAt(event.target)?.row.dataset.key;
            if (key) setStop(key);
            setFocused(true);
          }}
          onBlur={(event) => {
            setFocused(false);
            // Whoever comes back comes to the newest message; switching windows is no leaving.
            const to = event.relatedTarget;
            if (to && !event.currentTarget.contains(to)) setStop(null);
          }}
          onPointerOver={(event) => {
            if (event.pointerType === "mouse") setHovered(messageAt(event.target)?.row.dataset.key ?? null);
          }}
          onPointerLeave={() => setHovered(null)}
          onContextMenu={(event) => {
            const found = messageAt(event.target);
            const isOnLink = (event.target as Element).closest("a") !== null;
            // The browser's own menu stays for links and for selected text.
            if (!found || isOnLink || String(getSelection()) !== "") return;
            event.preventDefault();
            setMenu({ seq: found.message.seq, place: { x: event.clientX, y: event.clientY } });
          }}
        >
          {hasOlder ? (
            <div className="log-edge" aria-hidden="true" />
          ) : (
            <p className="log-start">{startText(conversation, title)}</p>
          )}
          {rows.map((row) => shown(row))}
        </div>
      </div>
      {!isAtBottom && (
        <button type="button" className="pill below" onClick={toLatest}>
          <ArrowDown size={16} aria-hidden="true" />
          {unread > 0 ? `${unread} new` : "Latest"}
          <span className="hidden-text">: go to the latest message</span>
        </button>
      )}
      {menu && menuMessage && (
        <MessageMenu
          target={{ message: menuMessage, conversation }}
          place={menu.place}
          context={context}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );

  function shown(row: Row) {
    switch (row.kind) {
      case "day":
        return (
          <h2 key={row.key} data-key={row.key} className="day">
            {dayName(row.at, Date.now())}
          </h2>
        );
      case "new":
        return (
          <div key="new" data-key="new" className="day new">
            {row.since ? `New since ${clockTime(row.since)}` : "New"}
          </div>
        );
      case "outgoing":
        return (
          <OutgoingRow
            key={row.key}
            entry={row.entry}
            isFirst={row.isFirst}
            isLive={isLive}
            onRetry={sync.retry}
            onDiscard={sync.discard}
          />
        );
      case "message": {
        const { key, message, isFirst, isLast, isMine } = row;
        const isStop = key === stopKey;
        return (
          <MessageRow
            key={key}
            rowKey={key}
            message={message}
            isFirst={isFirst}
            isLast={isLast}
            isMine={isMine}
            isStop={isStop}
            isActive={key === hovered || (focused && isStop) || menu?.seq === message.seq}
            isLit={key === lit}
            readBy={readBy?.seq === message.seq ? readBy.text : null}
            replied={message.reply_to === null ? undefined : byId.get(message.reply_to)}
            context={rowContext}
          />
        );
      }
    }
  }
}

const EMPTY_WINDOW = { messages: [], hasOlder: false, hasNewer: false };

/** The row that this key leads to. */
function neighbourOf(row: HTMLElement, key: string): HTMLElement | null {
  const all = [...(row.parentElement?.querySelectorAll<HTMLElement>(":scope > [data-seq]") ?? [])];
  const at = all.indexOf(row);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[key];
  return next === undefined ? null : (all[Math.max(0, Math.min(next, all.length - 1))] ?? null);
}

/** A letter does what the menu offers under it. */
function shortcut(event: KeyboardEvent, target: MessageTarget, context: Context): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const pressed = event.key === "Delete" ? "Del" : event.key.toUpperCase();
  const action = MESSAGE_ACTIONS.find((one) => one.shortcut === pressed && one.when(target, context));
  if (action) void run(action, target, context);
  else if (event.key === "+" && canReact(target)) {
    toggleReaction(target, "👍", context).catch((error: unknown) => notify(explain(error), true));
  } else return false;
  return true;
}

function startText({ summary }: Conversation, title: string): string {
  if (summary.kind === "direct") return `This is where you and ${title} begin. Only the two of you see it.`;
  if (summary.kind === "general") return "Everyone with an account is here. Say hello.";
  return `This is the beginning of ${title}.`;
}

// One message: who, when, what; and what is tied to it. Mine stand right in the wash, others' left on raised paper.
import { EllipsisVertical, Reply } from "lucide-react";
import { memo } from "react";
import type { Message } from "../../api/types.ts";
import { useLanguage } from "../../i18n/words.ts";
import type { Rooms } from "../../lib/markup/rooms.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { isGuest, via } from "../../lib/origins.ts";
import { oneLine } from "../../lib/text.ts";
import { clockTime, fullTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { MessageText } from "./message-text.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";

/** What all rows of one log have in common; the same object as long as nothing of it changes. */
export interface RowContext {
  me: number;
  usernames: ReadonlyMap<string, number>;
  rooms: Rooms;
  nameOf: (account: number, fallback: string) => string;
  knownName: (account: number) => string | null;
  canReact: boolean;
  onToggle: (message: Message, emoji: string) => void;
  onReply: (message: Message) => void;
  onMenu: (message: Message, button: HTMLElement) => void;
  onJump: (message: Message) => void;
}

export interface MessageRowProps {
  rowKey: string;
  message: Message;
  isFirst: boolean;
  isLast: boolean;
  isMine: boolean;
  /** Shows the tools and makes what is inside reachable by Tab. */
  isActive: boolean;
  /** The one row that Tab reaches. */
  isStop: boolean;
  isLit: boolean;
  /** "read by 3", under my newest message. */
  readBy: string | null;
  replied: Message | undefined;
  context: RowContext;
}

/** Of one message, in its label; the rest is read inside. */
export const SPOKEN_CHARS = 600;

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  useLanguage();
  const { rowKey, message, isFirst, isMine, isActive, isStop, isLit, context } = props;
  const name = context.nameOf(message.author.id, message.author.display_name);
  const look = ["m", isMine && "mine", !isFirst && "more", isLit && "lit"].filter(Boolean).join(" ");
  return (
    <article
      className={look}
      data-key={rowKey}
      data-seq={message.seq}
      tabIndex={isStop ? 0 : -1}
      aria-label={spoken(message, isMine ? "You" : name)}
    >
      {!isMine &&
        (isFirst ? (
          <Avatar initials={initials(name)} hue={hueOf(message.author.id)} size="large" />
        ) : (
          <span />
        ))}
      <div className="m-body">
        {isFirst && !isMine && (
          <div className="who">
            <bdi>{name}</bdi>
            {isGuest(message) && (
              <span className="unverified" title="Nobody checked who this is: guests only give a name.">
                unverified
              </span>
            )}
            <time dateTime={message.created_at} title={fullTime(message.created_at)}>
              {clockTime(message.created_at)}
            </time>
            {message.dialect && <span className="via">{via(message)}</span>}
          </div>
        )}
        <div className="bubble-line">
          <Bubble {...props} />
          {isActive && !message.deleted_at && <Tools {...props} />}
        </div>
        <Reactions
          message={message}
          me={context.me}
          nameOf={context.knownName}
          isActive={isActive}
          onToggle={context.canReact ? (emoji) => context.onToggle(message, emoji) : undefined}
        />
        <Meta {...props} />
      </div>
    </article>
  );
});

function Bubble({ message, isActive, replied, context }: MessageRowProps) {
  if (message.body === null) return <div className="bubble gone">This message was deleted.</div>;
  return (
    <div className="bubble" title={fullTime(message.created_at)}>
      {message.reply_to !== null && (
        <Quote id={message.reply_to} held={replied} isActive={isActive} onJump={context.onJump} />
      )}
      <MessageText
        text={message.body}
        mentions={message.mentions}
        usernames={context.usernames}
        rooms={context.rooms}
        me={context.me}
        isActive={isActive}
      />
    </div>
  );
}

function Tools({ message, context }: MessageRowProps) {
  return (
    <div className="tools">
      {context.canReact && (
        <IconButton
          icon={Reply}
          size={18}
          label="Reply"
          shortcut="R"
          tip="above"
          tabIndex={-1}
          onClick={() => context.onReply(message)}
        />
      )}
      <IconButton
        icon={EllipsisVertical}
        size={18}
        label="More"
        shortcut="Enter"
        tip="above"
        aria-haspopup="menu"
        tabIndex={-1}
        onClick={(event) => context.onMenu(message, event.currentTarget)}
      />
    </div>
  );
}

function Meta({ message, isMine, isLast, readBy }: MessageRowProps) {
  const parts = [
    isMine && isLast && clockTime(message.created_at),
    isMine && isLast && via(message),
    message.edited_at && !message.deleted_at && "edited",
    readBy,
  ].filter(Boolean);
  return parts.length > 0 ? <div className="meta">{parts.join(" · ")}</div> : null;
}

function spoken(message: Message, name: string): string {
  const text = message.body === null ? "deleted" : oneLine(message.body, SPOKEN_CHARS);
  const edited = message.edited_at && message.body !== null ? ", edited" : "";
  return `${name}, ${clockTime(message.created_at)}${edited}: ${text}`;
}

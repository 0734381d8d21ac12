// One message: who, when, what; and what is tied to it. Mine stand right in the wash, others' left on raised paper.
import { EllipsisVertical, Reply } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { Message } from "../../api/types.ts";
import { hidden } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t, useLanguage } from "../../i18n/words.ts";
import type { Rooms } from "../../lib/markup/rooms.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { isGuest, via } from "../../lib/origins.ts";
import { oneLine } from "../../lib/text.ts";
import { clockTime, fullTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import type { Detail } from "./details.tsx";
import { MessageText } from "./message-text.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";
import type { ReadBy } from "./read-by.ts";

/** What all rows of one log have in common; the same object as long as nothing of it changes. */
export interface RowContext {
  me: number;
  usernames: ReadonlyMap<string, number>;
  rooms: Rooms;
  nameOf: (account: number, fallback: string) => string;
  knownName: (account: number) => string | null;
  canReact: boolean;
  /** No bubbles: my messages show their face and name as others' do. */
  isFlat: boolean;
  onToggle: (message: Message, emoji: string) => void;
  onReply: (message: Message) => void;
  onMenu: (message: Message, button: HTMLElement) => void;
  /** From the message that answers to the one it answers. */
  onJump: (message: Message, from: Message) => void;
  onDetail: (detail: Detail, message: Message) => void;
  /** Shows who somebody is. */
  onPerson: (account: number, under: HTMLElement) => void;
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
  readBy: ReadBy | null;
  replied: Message | undefined;
  context: RowContext;
}

/** Of one message, in its label; the rest is read inside. */
export const SPOKEN_CHARS = 600;

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  useLanguage();
  const { rowKey, message, isFirst, isMine, isActive, isStop, isLit, context } = props;
  const name = context.nameOf(message.author.id, message.author.display_name);
  const hasFace = !isMine || context.isFlat;
  const look = ["m", isMine && "mine", !isFirst && "more", isLit && "lit"].filter(Boolean).join(" ");
  return (
    <article
      className={look}
      data-key={rowKey}
      data-seq={message.seq}
      tabIndex={isStop ? 0 : -1}
      aria-label={spoken(message, isMine ? t("conversation.you") : name)}
    >
      {hasFace &&
        (isFirst ? (
          // The name beside it is the same for keys and screen readers.
          <button
            type="button"
            className="who-avatar"
            tabIndex={-1}
            aria-hidden="true"
            onClick={(event) => context.onPerson(message.author.id, event.currentTarget)}
          >
            <Avatar initials={initials(name)} hue={hueOf(message.author.id)} size="large" />
          </button>
        ) : (
          <span />
        ))}
      <div className="m-body">
        {isFirst && hasFace && (
          <div className="who">
            <button
              type="button"
              className="who-name"
              tabIndex={isActive ? 0 : -1}
              aria-haspopup="dialog"
              onClick={(event) => context.onPerson(message.author.id, event.currentTarget)}
            >
              <bdi>{name}</bdi>
            </button>
            {isGuest(message) && (
              <span className="unverified" title={t("conversation.unverified-why")}>
                {t("conversation.unverified")}
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
          onAll={() => context.onDetail("reactions", message)}
          onToggle={context.canReact ? (emoji) => context.onToggle(message, emoji) : undefined}
        />
        <Meta {...props} />
      </div>
    </article>
  );
});

function Bubble({ message, isActive, replied, context }: MessageRowProps) {
  if (message.body === null) return <div className="bubble gone">{t("conversation.deleted")}</div>;
  return (
    <div className="bubble" title={fullTime(message.created_at)}>
      {message.reply_to !== null && (
        <Quote
          id={message.reply_to}
          held={replied}
          isActive={isActive}
          onJump={(original) => context.onJump(original, message)}
        />
      )}
      <MessageText
        text={message.body}
        mentions={message.mentions}
        usernames={context.usernames}
        rooms={context.rooms}
        me={context.me}
        isActive={isActive}
        onPerson={context.onPerson}
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
          label={t("actions.reply")}
          shortcut="R"
          tip="above"
          tabIndex={-1}
          onClick={() => context.onReply(message)}
        />
      )}
      <IconButton
        icon={EllipsisVertical}
        size={18}
        label={t("conversation.more")}
        shortcut="Enter"
        tip="above"
        aria-haspopup="menu"
        tabIndex={-1}
        onClick={(event) => context.onMenu(message, event.currentTarget)}
      />
    </div>
  );
}

function Meta({ message, isMine, isLast, isActive, readBy, context }: MessageRowProps) {
  const isTimed = isMine && isLast && !context.isFlat;
  const door = isTimed ? via(message) : "";
  const isEdited = message.edited_at !== null && message.deleted_at === null;
  if (!isTimed && !door && !isEdited && !readBy) return null;
  return (
    <div className="meta">
      {isTimed && (
        <time dateTime={message.created_at} title={fullTime(message.created_at)}>
          {clockTime(message.created_at)}
        </time>
      )}
      {door && <span>{door}</span>}
      {isEdited && (
        <MetaButton
          title={t("conversation.edited-at", { time: fullTime(message.edited_at ?? "") })}
          isActive={isActive}
          onClick={() => context.onDetail("edits", message)}
        >
          <Rich id="conversation.edited" parts={{ hidden }} />
        </MetaButton>
      )}
      {readBy &&
        (readBy.canOpen ? (
          <MetaButton
            title={readBy.names}
            isActive={isActive}
            onClick={() => context.onDetail("readers", message)}
          >
            {readBy.text}
          </MetaButton>
        ) : (
          <span>{readBy.text}</span>
        ))}
    </div>
  );
}

interface MetaButtonProps {
  title: string;
  isActive: boolean;
  onClick: () => void;
  children: ReactNode;
}

function MetaButton({ title, isActive, onClick, children }: MetaButtonProps) {
  return (
    <button
      type="button"
      className="meta-button"
      title={title}
      tabIndex={isActive ? 0 : -1}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function spoken(message: Message, name: string): string {
  const time = clockTime(message.created_at);
  if (message.body === null) return t("conversation.label-deleted", { name, time });
  const text = oneLine(message.body, SPOKEN_CHARS);
  return message.edited_at
    ? t("conversation.label-edited", { name, time, text })
    : t("conversation.label", { name, time, text });
}

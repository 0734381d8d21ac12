// One thing in the inbox: who, what, where, and the words that it is about. It leads to the message.
import { Link } from "wouter";
import type { InboxItem } from "../../api/types.ts";
import { useConversation, useNames } from "../../app/copy.ts";
import { useTitleOf } from "../../app/title.ts";
import { bold } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { linkTo } from "../../lib/links.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { oneLine } from "../../lib/text.ts";
import { clockTime, dayName, fullTime } from "../../lib/time.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { keyOf } from "./kept.ts";

/** Two or three lines. */
const PREVIEW_CHARS = 240;

export interface ItemRowProps {
  item: InboxItem;
  onLeave: (key: string) => void;
}

export function ItemRow({ item, onLeave }: ItemRowProps) {
  const nameOf = useNames();
  const titleOf = useTitleOf();
  const { message, at } = item;
  const conversation = useConversation(message.conversation_id);
  const who = item.kind === "reaction" ? item.account : message.author;
  const name = nameOf(who);
  const isDirect = conversation?.summary.kind === "direct";
  const values = {
    name,
    ...(item.kind === "reaction" && { emoji: item.emoji }),
    ...(!isDirect && { place: conversation ? titleOf(conversation) : t("app.conversation") }),
  };
  const isUnread =
    item.kind === "mention" && conversation !== undefined && message.seq > conversation.summary.read_seq;
  const says =
    item.kind === "mention"
      ? isDirect
        ? "inbox.mention-direct"
        : "inbox.mention"
      : isDirect
        ? "inbox.reaction-direct"
        : "inbox.reaction";
  return (
    <li>
      <Link
        href={linkTo(message.conversation_id, message.seq)}
        className={isUnread ? "inbox-item unread" : "inbox-item"}
        data-key={keyOf(item)}
        onClick={() => onLeave(keyOf(item))}
      >
        <Avatar initials={initials(name)} hue={hueOf(who.id)} size="large" />
        <span className="inbox-text">
          <span className="inbox-what">
            <span>
              {isUnread && <span className="hidden-text">{t("inbox.unread")}: </span>}
              <Rich id={says} values={values} parts={{ name: bold, place: bold }} />
            </span>
            <time dateTime={at} title={fullTime(at)}>
              {dayName(at, Date.now())}, {clockTime(at)}
            </time>
          </span>
          <span className="inbox-body" dir="auto">
            {message.body === null ? <i>{t("inbox.deleted")}</i> : oneLine(message.body, PREVIEW_CHARS)}
          </span>
        </span>
      </Link>
    </li>
  );
}

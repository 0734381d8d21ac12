// One line of the list: where it leads, what waits there, and the way to everything one can do with it.
import { Archive, BellOff, EllipsisVertical, Hash, PencilLine, UsersRound } from "lucide-react";
import { memo } from "react";
import { Link } from "wouter";
import type { JoinRequest } from "../../api/types.ts";
import { useCopy } from "../../app/copy.ts";
import { useTitleOf } from "../../app/title.ts";
import { callsIn, mutedWords } from "../../app/told/muted.ts";
import { t, useLanguage } from "../../i18n/words.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge, shorten } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";

export interface ConversationRowProps {
  conversation: Conversation;
  isOpen: boolean;
  isMuted: boolean;
  /** Its menu is open. */
  isChosen: boolean;
  hasDraft: boolean;
}

/** What is done with it, the list does: it finds the line by `data-conversation` and the button by `data-more`. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { conversation, isOpen, isMuted, isChosen, hasDraft } = props;
  useLanguage();
  const { summary } = conversation;
  const title = useTitleOf()(conversation);
  const isOnline = useCopy((state) => summary.with !== null && state.online.has(summary.with.id));
  const isUnread = !isMuted && callsIn(summary, Date.now()) > 0;
  const look = ["row", isUnread && "unread", isOpen && "on", isMuted && "muted"];
  return (
    <li className="line" data-conversation={summary.id} data-chosen={isChosen || undefined}>
      <Link
        href={`/c/${summary.id}`}
        className={[...look, summary.archived_at && "archived"].filter(Boolean).join(" ")}
        aria-current={isOpen ? "page" : undefined}
      >
        {summary.with ? (
          <>
            <Avatar
              initials={initials(title)}
              hue={hueOf(summary.with.id)}
              dot={isOnline ? "filled" : "hollow"}
            />
            <Name text={title} />
            <span className="hidden-text">{t(isOnline ? "sidebar.online" : "sidebar.offline")}</span>
          </>
        ) : (
          <>
            <Sign conversation={conversation} />
            <Name text={title} />
          </>
        )}
        {hasDraft && (
          <span className="row-note">
            <PencilLine size={16} strokeWidth={1.75} aria-hidden="true" />
            <span className="hidden-text">{t("sidebar.draft")}</span>
          </span>
        )}
        {isMuted && (
          <span className="row-note" title={mutedWords(summary.preferences, Date.now()) ?? undefined}>
            <BellOff size={16} strokeWidth={1.75} aria-hidden="true" />
            <span className="hidden-text">{t("sidebar.muted")}</span>
          </span>
        )}
        <Badges conversation={conversation} isMuted={isMuted} />
      </Link>
      {/* By Tab one goes from line to line; on a line Shift+F10 opens the same. */}
      <IconButton
        icon={EllipsisVertical}
        size={18}
        label={t("sidebar.more", { name: title })}
        aria-haspopup="menu"
        tabIndex={-1}
        data-more=""
      />
    </li>
  );
});

/** A room that has not let me in yet. */
export function RequestRow({ request, isOpen }: { request: JoinRequest; isOpen: boolean }) {
  return (
    <li>
      <Link
        href={`/c/${request.conversation_id}`}
        className={isOpen ? "row on" : "row"}
        aria-current={isOpen ? "page" : undefined}
      >
        <span className="sign">
          <Hash size={18} strokeWidth={1.75} aria-hidden="true" />
        </span>
        <Name text={request.name} />
        <span className="row-note">{t("sidebar.waiting")}</span>
      </Link>
    </li>
  );
}

function Name({ text }: { text: string }) {
  return (
    <span className="row-name" title={text.length > 22 ? text : undefined}>
      <bdi>{text}</bdi>
    </span>
  );
}

function Sign({ conversation: { summary } }: { conversation: Conversation }) {
  const Icon = summary.archived_at ? Archive : summary.kind === "general" ? UsersRound : Hash;
  return (
    <span className="sign">
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      {summary.archived_at && <span className="hidden-text">{t("sidebar.archived")}</span>}
    </span>
  );
}

/** Brass for what wants me: my name, a private message, somebody at the door. Plain for what is just new. */
function Badges({ conversation, isMuted }: { conversation: Conversation; isMuted: boolean }) {
  const { unread, unread_mentions: naming, pending_count, kind, preferences } = conversation.summary;
  const asks = decides(conversation) && pending_count > 0;
  const isPrivate = kind === "direct";
  return (
    <>
      {asks && (
        <Badge
          wants
          shown={t("sidebar.asks", { count: pending_count, shown: shorten(pending_count) })}
          words={t("sidebar.asking", { count: pending_count })}
        />
      )}
      {naming > 0 && (!isPrivate || isMuted) && <Badge wants shown={`@${shorten(naming)}`} />}
      {unread > naming || (unread > 0 && isPrivate) ? (
        <Badge wants={isPrivate && !isMuted} shown={shorten(unread)} />
      ) : null}
      {unread === 0 && preferences.unread_from && <Badge shown="•" words={t("sidebar.marked-unread")} />}
      {unread > 0 && <span className="hidden-text">{t("sidebar.unread", { count: unread, naming })}</span>}
    </>
  );
}

// One line of the list: where it leads, what waits there.
import { Archive, Hash, PencilLine, UsersRound } from "lucide-react";
import { memo } from "react";
import { Link } from "wouter";
import type { JoinRequest } from "../../api/types.ts";
import { useCopy } from "../../app/copy.ts";
import { useTitleOf } from "../../app/title.ts";
import { useLanguage } from "../../i18n/words.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge, shorten } from "../../ui/badge.tsx";

export interface ConversationRowProps {
  conversation: Conversation;
  isOpen: boolean;
  hasDraft: boolean;
}

export const ConversationRow = memo(function ConversationRow({
  conversation,
  isOpen,
  hasDraft,
}: ConversationRowProps) {
  useLanguage();
  const { summary } = conversation;
  const title = useTitleOf()(conversation);
  const isOnline = useCopy((state) => summary.with !== null && state.online.has(summary.with.id));
  const isUnread = summary.unread > 0;
  const name = ["row", isUnread && "unread", isOpen && "on", summary.archived_at && "archived"];
  return (
    <li>
      <Link
        href={`/c/${summary.id}`}
        className={name.filter(Boolean).join(" ")}
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
            <span className="hidden-text">{isOnline ? ", online" : ", offline"}</span>
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
            <span className="hidden-text">, draft</span>
          </span>
        )}
        <Badges conversation={conversation} />
      </Link>
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
        <span className="row-note">waiting</span>
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
      {summary.archived_at && <span className="hidden-text">archived </span>}
    </span>
  );
}

/** Brass for what wants me: my name, a private message, somebody at the door. Plain for what is just new. */
function Badges({ conversation }: { conversation: Conversation }) {
  const { unread, unread_mentions, pending_count, kind } = conversation.summary;
  const asks = decides(conversation) && pending_count > 0;
  return (
    <>
      {asks && (
        <Badge
          wants
          shown={`${shorten(pending_count)} ask${pending_count === 1 ? "s" : ""}`}
          words={`, ${pending_count} asking to join`}
        />
      )}
      {unread > 0 && (
        <Badge
          wants={unread_mentions > 0 || kind === "direct"}
          shown={unread_mentions > 0 && kind !== "direct" ? `@${shorten(unread_mentions)}` : shorten(unread)}
          words={`, ${unread} unread${unread_mentions > 0 ? `, ${unread_mentions} naming you` : ""}`}
        />
      )}
    </>
  );
}

// What is known of somebody: what they are, what they are in this room, and since when they are here.
import type { Account, Author, MembershipRole } from "../../api/types.ts";
import type { Loaded } from "../../app/use-loaded.ts";
import { type Key, t } from "../../i18n/words.ts";
import { shortDate } from "../../lib/time.ts";
import type { Conversation } from "../../sync/state.ts";
import { Missing } from "../../ui/missing.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Tag } from "../../ui/tag.tsx";

const ROLES: Readonly<Record<MembershipRole, Key>> = {
  owner: "profile.owner",
  moderator: "profile.moderator",
  member: "profile.member",
};

export interface FactsProps {
  author: Author;
  /** The conversation in which one asks. */
  conversation: Conversation | undefined;
  loaded: Loaded<Account>;
  isMe: boolean;
}

export function Facts({ author, conversation, loaded, isMe }: FactsProps) {
  const account = loaded.value;
  const isOut = account?.deactivated_at != null;
  return (
    <div className="profile-facts">
      <ul className="profile-signs">
        {isMe && (
          <li>
            <Tag>{t("profile.you")}</Tag>
          </li>
        )}
        {author.kind === "bot" && (
          <li>
            <Tag>{t("profile.bot")}</Tag>
          </li>
        )}
        {author.kind === "guest" && (
          <li>
            <Tag>{t("profile.guest")}</Tag>
          </li>
        )}
        {account?.role === "administrator" && (
          <li>
            <Tag>{t("profile.administrator")}</Tag>
          </li>
        )}
        {isOut && (
          <li>
            <Tag>{t("profile.deactivated")}</Tag>
          </li>
        )}
      </ul>
      <RoleHere author={author} conversation={conversation} />
      {author.kind === "guest" && <p>{t("profile.guest-text")}</p>}
      {isOut && <p>{t("profile.deactivated-text")}</p>}
      {account && <p>{t("profile.since", { date: shortDate(account.created_at) })}</p>}
      {!account && !loaded.error && <Spinner label={t("profile.loading")} />}
      {loaded.error && <Missing why={loaded.error} onRetry={() => void loaded.load()} />}
    </div>
  );
}

function RoleHere({ author, conversation }: Pick<FactsProps, "author" | "conversation">) {
  if (conversation?.summary.kind !== "room") return null;
  const member = conversation.members[author.id];
  if (member) return <p>{t(ROLES[member.role])}</p>;
  return conversation.membersLoaded ? <p>{t("profile.outside")}</p> : null;
}

// Who is in, with role and presence; a name opens its card, and behind it stands what one may do.
import { EllipsisVertical } from "lucide-react";
import { useMemo, useState } from "react";
import { type Context, menuOf } from "../../actions/action.ts";
import { MEMBER_ACTIONS } from "../../actions/member-actions.ts";
import type { Membership, MembershipRole } from "../../api/types.ts";
import { useCopy, useNames } from "../../app/copy.ts";
import { useProfiles } from "../../app/profiles.ts";
import { formatNumber } from "../../i18n/formats.ts";
import { type Key, t } from "../../i18n/words.ts";
import { hueOf, initials } from "../../lib/names.ts";
import type { Conversation } from "../../sync/state.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Problem } from "../../ui/missing.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { type Person, useDirectory } from "./directory.ts";
import { Section } from "./section.tsx";
import "../../ui/field.css";

/** Fewer are seen at a glance. */
const SEARCHED_MIN = 13;
/** Rows at first, and how many more each time: a list of thousands helps nobody. */
const SHOWN_LEN = 100;

const ROLES: Readonly<Record<MembershipRole, Key | null>> = {
  owner: "members.owner",
  moderator: "members.moderator",
  member: null,
};

export function MemberList({ conversation, context }: { conversation: Conversation; context: Context }) {
  const nameOf = useNames();
  const [query, setQuery] = useState("");
  const [shown, setShown] = useState(SHOWN_LEN);
  const [menu, setMenu] = useState<{ member: Membership; under: HTMLElement } | null>(null);
  const place = useMemo(() => (menu ? { under: menu.under } : null), [menu]);
  const directory = useDirectory(conversation, query);
  const { people, count, hasMore } = directory;
  const isEmpty = conversation.membersLoaded && people.length === 0;
  return (
    <Section title={t("members.people")} note={conversation.membersLoaded ? formatNumber(count) : "…"}>
      {count >= SEARCHED_MIN && (
        <input
          className="input member-search"
          type="search"
          aria-label={t("members.search")}
          placeholder={t("members.search")}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setShown(SHOWN_LEN);
          }}
        />
      )}
      {!conversation.membersLoaded && count === 0 && <Skeleton label={t("members.loading")} rows={3} />}
      <p className="panel-note" role="status">
        {isEmpty && t("members.nobody-named")}
      </p>
      <ul>
        {people.slice(0, shown).map((person) => (
          <MemberRow
            key={person.account.id}
            person={person}
            name={nameOf(person.account)}
            isMe={person.account.id === context.me.id}
            conversation={conversation.summary.id}
            onMenu={
              person.member &&
              menuOf(MEMBER_ACTIONS, { member: person.member, conversation }, context).length > 0
                ? (member, under) => setMenu({ member, under })
                : null
            }
          />
        ))}
      </ul>
      <Problem>{directory.error}</Problem>
      {(people.length > shown || hasMore) && (
        <Button
          busy={directory.isLoading}
          onClick={() => {
            setShown(shown + SHOWN_LEN);
            if (people.length <= shown + SHOWN_LEN && hasMore) directory.loadMore();
          }}
        >
          {t("members.more")}
        </Button>
      )}
      {menu && place && (
        <Menu
          label={nameOf(menu.member.account)}
          place={place}
          items={menuOf(MEMBER_ACTIONS, { member: menu.member, conversation }, context)}
          onClose={() => setMenu(null)}
        />
      )}
    </Section>
  );
}

interface MemberRowProps {
  person: Person;
  name: string;
  isMe: boolean;
  conversation: number;
  /** `null`: there is nothing one may do. */
  onMenu: ((member: Membership, under: HTMLElement) => void) | null;
}

function MemberRow({ person: { account, role, member }, name, isMe, conversation, onMenu }: MemberRowProps) {
  const profiles = useProfiles();
  const { id, username } = account;
  const isOnline = useCopy((state) => isMe || state.online.has(id));
  const roleKey = ROLES[role];
  return (
    <li className="member">
      <button
        type="button"
        className="row"
        aria-haspopup="dialog"
        title={`@${username}`}
        onClick={(event) => profiles.open({ account, conversation, under: event.currentTarget })}
      >
        <Avatar initials={initials(name)} hue={hueOf(id)} dot={isOnline ? "filled" : "hollow"} />
        <span className="row-name">
          <bdi>{name}</bdi>
          {isMe && ` ${t("members.you")}`}
          <span className="hidden-text">, </span>
          <small>{t(isOnline ? "members.online" : "members.offline")}</small>
        </span>
        {roleKey && <span className="role">{t(roleKey)}</span>}
      </button>
      {onMenu && member && (
        <IconButton
          icon={EllipsisVertical}
          size={18}
          label={t("members.actions", { name })}
          tip="left"
          aria-haspopup="menu"
          onClick={(event) => onMenu(member, event.currentTarget)}
        />
      )}
    </li>
  );
}

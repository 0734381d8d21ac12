// Who is in, with role and presence, and behind each name what one may do.
import { EllipsisVertical } from "lucide-react";
import { useMemo, useState } from "react";
import { type Context, menuOf } from "../../actions/action.ts";
import { MEMBER_ACTIONS } from "../../actions/member-actions.ts";
import type { Membership } from "../../api/types.ts";
import { useCopy, useNames } from "../../app/copy.ts";
import { hueOf, initials } from "../../lib/names.ts";
import type { Conversation } from "../../sync/state.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Section } from "./details.tsx";

const ORDER = { owner: 0, moderator: 1, member: 2 };

/** More are found by searching: a list of thousands helps nobody. */
const SHOWN_MAX = 200;

export function MemberList({ conversation, context }: { conversation: Conversation; context: Context }) {
  const nameOf = useNames();
  const { members, membersLoaded } = conversation;
  const [menu, setMenu] = useState<{ member: Membership; under: HTMLElement } | null>(null);
  const sorted = useMemo(() => {
    const byRole = (a: Membership, b: Membership) => ORDER[a.role] - ORDER[b.role];
    return Object.values(members).sort(
      (a, b) => byRole(a, b) || nameOf(a.account).localeCompare(nameOf(b.account)),
    );
  }, [members, nameOf]);
  const place = useMemo(() => (menu ? { under: menu.under } : null), [menu]);
  return (
    <Section title="People" note={membersLoaded ? String(sorted.length) : ""}>
      {!membersLoaded && sorted.length === 0 && <Skeleton label="Loading the members" rows={3} />}
      <ul>
        {sorted.slice(0, SHOWN_MAX).map((member) => (
          <MemberRow
            key={member.account.id}
            member={member}
            name={nameOf(member.account)}
            isMe={member.account.id === context.me.id}
            hasMenu={menuOf(MEMBER_ACTIONS, { member, conversation }, context).length > 0}
            onMenu={(under) => setMenu({ member, under })}
          />
        ))}
      </ul>
      {sorted.length > SHOWN_MAX && <p className="panel-note">and {sorted.length - SHOWN_MAX} more</p>}
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
  member: Membership;
  name: string;
  isMe: boolean;
  hasMenu: boolean;
  onMenu: (under: HTMLElement) => void;
}

function MemberRow({ member, name, isMe, hasMenu, onMenu }: MemberRowProps) {
  const { id, username } = member.account;
  const isOnline = useCopy((state) => isMe || state.online.has(id));
  return (
    <li className="row member">
      <Avatar initials={initials(name)} hue={hueOf(id)} dot={isOnline ? "filled" : "hollow"} />
      <span className="row-name" title={`@${username}`}>
        <bdi>{name}</bdi>
        {isMe && " (you)"}
        <span className="hidden-text">, {isOnline ? "online" : "offline"}</span>
      </span>
      {member.role !== "member" && <span className="role">{member.role}</span>}
      {hasMenu && (
        <IconButton
          icon={EllipsisVertical}
          size={18}
          label={`Actions for ${name}`}
          tip="left"
          aria-haspopup="menu"
          onClick={(event) => onMenu(event.currentTarget)}
        />
      )}
    </li>
  );
}

// Who somebody is: a card beside a name, a sheet at the foot of phones. What is known here stands in it at once.
import { AtSign, Copy, MessageCircle, Settings } from "lucide-react";
import { useCallback, useMemo } from "react";
import { explain, menuOf } from "../../actions/action.ts";
import { copyText } from "../../actions/clipboard.ts";
import { MEMBER_ACTIONS } from "../../actions/member-actions.ts";
import { startDirect } from "../../actions/start-direct.ts";
import { api } from "../../api/calls.ts";
import type { Account, Author } from "../../api/types.ts";
import { useCopy, useNames } from "../../app/copy.ts";
import { useHouse } from "../../app/house.ts";
import { type OpenProfile, useProfiles } from "../../app/profiles.ts";
import { type Loaded, useLoaded } from "../../app/use-loaded.ts";
import { t } from "../../i18n/words.ts";
import { hueOf, initials } from "../../lib/names.ts";
import type { Conversation } from "../../sync/state.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Popover } from "../../ui/popover.tsx";
import { notify } from "../../ui/toasts.tsx";
import { NARROW, useMedia } from "../../ui/use-media.ts";
import { Facts } from "./facts.tsx";
import "./profile.css";

export interface ProfileProps {
  profile: OpenProfile;
  onClose: () => void;
}

export function Profile({ profile, onClose }: ProfileProps) {
  const isNarrow = useMedia(NARROW);
  const nameOf = useNames();
  const place = useMemo(() => ({ under: profile.under }), [profile.under]);
  const Sheet = isNarrow ? Panel : Popover;
  return (
    <Sheet label={t("profile.label", { name: nameOf(profile.account) })} place={place} onClose={onClose}>
      <Card profile={profile} onClose={onClose} />
    </Sheet>
  );
}

function Card({ profile: { account, conversation: id }, onClose }: ProfileProps) {
  const { context } = useHouse();
  const nameOf = useNames();
  const conversation = useCopy((state) => (id === null ? undefined : state.conversations[id]));
  const isMe = account.id === context.me.id;
  const isOnline = useCopy((state) => isMe || state.online.has(account.id));
  const username = useCopy((state) => state.names[account.id]?.username ?? account.username);
  const loaded = useLoaded(useCallback(() => api.account(account.id), [account.id]));
  const isOut = loaded.value?.deactivated_at != null;
  const name = nameOf(account);
  return (
    <div className="profile">
      <div className="profile-head">
        <Avatar
          initials={initials(name)}
          hue={hueOf(account.id)}
          size="large"
          dot={isOut ? undefined : isOnline ? "filled" : "hollow"}
        />
        <div>
          <h2>
            <bdi>{name}</bdi>
          </h2>
          {account.kind !== "guest" && (
            <p className="profile-username">
              <bdi>@{username}</bdi>
            </p>
          )}
          {!isOut && <p>{t(isOnline ? "profile.online" : "profile.offline")}</p>}
        </div>
      </div>
      <Facts author={account} conversation={conversation} loaded={loaded} isMe={isMe} />
      {isMe ? (
        <div className="profile-buttons">
          <Button
            icon={Settings}
            onClick={() => {
              onClose();
              context.go("/settings");
            }}
          >
            {t("profile.settings")}
          </Button>
        </div>
      ) : (
        <Buttons
          account={account}
          username={username}
          conversation={conversation}
          loaded={loaded}
          onClose={onClose}
        />
      )}
    </div>
  );
}

interface ButtonsProps {
  account: Author;
  username: string;
  conversation: Conversation | undefined;
  loaded: Loaded<Account>;
  onClose: () => void;
}

function Buttons({ account, username, conversation, loaded, onClose }: ButtonsProps) {
  const { context } = useHouse();
  const { box } = useProfiles();
  const isPerson = account.kind !== "guest";
  const isOut = loaded.value?.deactivated_at != null;
  const hasDirect = useCopy((state) =>
    Object.values(state.conversations).some(({ summary }) => summary.with?.id === account.id),
  );
  const isOpen = useCopy((state) => state.open === conversation?.summary.id);
  const member = conversation?.members[account.id];
  const isHere = conversation?.summary.kind === "general" || member !== undefined;
  const items = conversation && member ? menuOf(MEMBER_ACTIONS, { member, conversation }, context) : [];

  async function attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (error) {
      notify(explain(error), true);
    }
  }

  function mention(): void {
    onClose();
    // On phones the details cover the box.
    if (conversation) context.go(`/c/${conversation.summary.id}`);
    requestAnimationFrame(() => box.current?.(`@${username} `));
  }

  return (
    <>
      <div className="profile-buttons">
        {isPerson && (hasDirect || !isOut) && (
          <Button
            look="strong"
            icon={MessageCircle}
            onClick={() => {
              onClose();
              void attempt(() => startDirect(account.id, context));
            }}
          >
            {t("profile.message")}
          </Button>
        )}
        {isPerson && isHere && isOpen && box.current && (
          <Button icon={AtSign} onClick={mention}>
            {t("profile.mention")}
          </Button>
        )}
        {isPerson && (
          <Button
            icon={Copy}
            onClick={() =>
              void attempt(async () => {
                await copyText(username);
                notify(t("profile.username-copied", { username }));
              })
            }
          >
            {t("profile.username-copy")}
          </Button>
        )}
      </div>
      {items.length > 0 && (
        <ul className="profile-actions" aria-label={t("profile.actions")}>
          {items.map(({ id, label, icon: Icon, danger, perform }) => (
            <li key={id}>
              <button
                type="button"
                className={danger ? "menu-item danger" : "menu-item"}
                onClick={() => {
                  onClose();
                  perform();
                }}
              >
                <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
                <span>{label}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

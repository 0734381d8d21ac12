// Everybody with an account, with what administrators may know, and what they may do.
import { EllipsisVertical, Search } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { menuOf } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { AccountRecord } from "../../api/types.ts";
import { useCopy } from "../../app/copy.ts";
import { useHouse } from "../../app/house.ts";
import { t } from "../../i18n/words.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { shortDate } from "../../lib/time.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Tag } from "../../ui/tag.tsx";
import { PersonButton } from "../profile/person-button.tsx";
import { ACCOUNT_ACTIONS, type AccountTarget } from "./account-actions.ts";
import { PageFoot } from "./page-foot.tsx";
import { usePages } from "./pages.ts";
import "../../ui/field.css";

/** Accounts asked for at once. */
const PAGE_LEN = 50;
/** The server is asked when typing pauses. */
const PAUSE_MS = 250;

export function People() {
  const { context } = useHouse();
  const [typed, setTyped] = useState("");
  const query = useLater(typed.trim().replace(/^@/u, ""));
  const pages = usePages<AccountRecord>(
    useCallback(
      async (last) => {
        const page = await api.accountRecords(query, last?.id ?? null, PAGE_LEN);
        return { items: page.accounts, hasMore: page.has_more };
      },
      [query],
    ),
  );
  const [menu, setMenu] = useState<{ account: AccountRecord; under: HTMLElement } | null>(null);
  const place = useMemo(() => (menu ? { under: menu.under } : null), [menu]);
  const targetOf = (account: AccountRecord): AccountTarget => ({
    account,
    onChange: (changed) => pages.replace({ ...account, ...changed }),
  });
  const isEmpty = pages.items.length === 0 && pages.hasMore === false && !pages.isLoading;
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label={t("administration.search")}
        placeholder={t("administration.search")}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul className="accounts" aria-label={t("administration.people")} aria-busy={pages.isLoading}>
        {pages.items.map((account) => (
          <AccountRow
            key={account.id}
            account={account}
            hasMenu={menuOf(ACCOUNT_ACTIONS, targetOf(account), context).length > 0}
            onMenu={(under) => setMenu({ account, under })}
          />
        ))}
      </ul>
      <div role="status">{isEmpty && <Empty icon={Search} text={t("administration.nobody-found")} />}</div>
      <PageFoot pages={pages} loading={t("administration.people-loading")} />
      {menu && place && (
        <Menu
          label={menu.account.display_name}
          place={place}
          items={menuOf(ACCOUNT_ACTIONS, targetOf(menu.account), context)}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  );
}

interface AccountRowProps {
  account: AccountRecord;
  hasMenu: boolean;
  onMenu: (under: HTMLElement) => void;
}

function AccountRow({ account, hasMenu, onMenu }: AccountRowProps) {
  const {
    id,
    display_name: name,
    username,
    email,
    kind,
    role,
    created_at,
    last_seen_at,
    deactivated_at,
  } = account;
  const isOnline = useCopy((state) => state.online.has(id) || state.me?.id === id);
  const seen = isOnline
    ? t("administration.online")
    : last_seen_at
      ? t("administration.seen", { date: shortDate(last_seen_at) })
      : t("administration.never-seen");
  const since = t("administration.since", { date: shortDate(created_at) });
  return (
    <li className={deactivated_at ? "account out" : "account"}>
      <Avatar initials={initials(name)} hue={hueOf(id)} size="large" dot={isOnline ? "filled" : "hollow"} />
      <div className="account-text">
        <PersonButton account={account} conversation={null}>
          <b>
            <bdi>{name}</bdi>
          </b>
        </PersonButton>
        {role === "administrator" && <Tag>{t("administration.administrator")}</Tag>}
        {kind === "bot" && <Tag>{t("administration.bot")}</Tag>}
        {deactivated_at && (
          <Tag bad>{t("administration.disabled-since", { date: shortDate(deactivated_at) })}</Tag>
        )}
        <small>
          <bdi>@{username}</bdi>
          {email && (
            <>
              {" · "}
              <bdi>{email}</bdi>
            </>
          )}
        </small>
        <small>
          {since} · {seen}
        </small>
      </div>
      {hasMenu && (
        <IconButton
          icon={EllipsisVertical}
          label={t("administration.actions", { name })}
          tip="left"
          aria-haspopup="menu"
          onClick={(event) => onMenu(event.currentTarget)}
        />
      )}
    </li>
  );
}

/** The value once it has stayed the same for a moment. */
function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}

// What administrators may do to an account, in the order in which it is offered. The server decides again on each.
import { LogOut, ShieldMinus, ShieldPlus, UserCheck, UserX } from "lucide-react";
import { type Action, type Context, explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import { asApiError } from "../../api/problem.ts";
import type { Account, AccountRecord } from "../../api/types.ts";
import { type Key, t } from "../../i18n/words.ts";
import { notify } from "../../ui/toasts.tsx";

export interface AccountTarget {
  account: AccountRecord;
  /** Takes in how it is now. */
  onChange: (account: Account) => void;
}

type AccountAction = Action<AccountTarget>;
type Change = Parameters<typeof api.updateAccount>[1];

const isMe = ({ account }: AccountTarget, { me }: Context) => account.id === me.id;

const promote: AccountAction = {
  id: "make-administrator",
  label: "administration.make-administrator",
  icon: ShieldPlus,
  when: ({ account }) =>
    account.role === "member" && account.kind === "person" && account.deactivated_at === null,
  perform: asking(
    "administration.make-title",
    "administration.make-text",
    "administration.make-administrator",
    {
      role: "administrator",
    },
  ),
};

const demote: AccountAction = {
  id: "take-back",
  label: "administration.take-back",
  icon: ShieldMinus,
  when: ({ account }) => account.role === "administrator",
  perform: asking("administration.take-title", "administration.take-text", "administration.take-back", {
    role: "member",
  }),
};

const endSessions: AccountAction = {
  id: "end-sessions",
  label: "administration.end-sessions",
  icon: LogOut,
  when: (target, context) => !isMe(target, context) && target.account.deactivated_at === null,
  async perform({ account }, { confirm }) {
    const { display_name: name } = account;
    const question = {
      title: t("administration.end-title", { name }),
      text: t("administration.end-text", { name }),
      action: t("administration.end-short"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    await api.endSessions(account.id);
    notify(t("administration.ended", { name }));
  },
};

const disable: AccountAction = {
  id: "disable",
  label: "administration.disable",
  icon: UserX,
  danger: true,
  when: (target, context) => !isMe(target, context) && target.account.deactivated_at === null,
  perform: asking(
    "administration.disable-title",
    "administration.disable-text",
    "administration.disable-short",
    {
      deactivated: true,
    },
  ),
};

const letBack: AccountAction = {
  id: "let-back",
  label: "administration.let-back",
  icon: UserCheck,
  when: ({ account }) => account.deactivated_at !== null,
  async perform({ account, onChange }) {
    onChange(await api.updateAccount(account.id, { deactivated: false }));
    notify(t("administration.let-back-done", { name: account.display_name }));
  },
};

export const ACCOUNT_ACTIONS: readonly AccountAction[] = [promote, demote, endSessions, disable, letBack];

/** Asks, changes the account, and tells the last administrator why they stay one. */
function asking(title: Key, text: Key, action: Key, change: Change): AccountAction["perform"] {
  return async ({ account, onChange }, { confirm }) => {
    const { display_name: name } = account;
    const question = { title: t(title, { name }), text: t(text, { name }), action: t(action) };
    if (!(await confirm({ ...question, danger: change.role !== "administrator" }))) return;
    try {
      onChange(await api.updateAccount(account.id, change));
    } catch (error) {
      const isLast = asApiError(error).code === "last_owner";
      notify(isLast ? t("administration.last") : explain(error), true);
    }
  };
}

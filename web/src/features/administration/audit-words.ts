// What happened, as a sentence. What a later server may name is told by its own word.
import type { AuditEntry } from "../../api/types.ts";
import type { Key } from "../../i18n/words.ts";

interface Told {
  says: Key;
  /** What `subject` is the id of: it is named in the sentence. */
  of?: "account" | "membership";
}

const TOLD: Readonly<Record<string, Told>> = {
  "account.created": { says: "administration.did-account-created" },
  "account.deactivated": { says: "administration.did-account-deactivated", of: "account" },
  "account.email_changed": { says: "administration.did-account-email-changed" },
  "account.password_changed": { says: "administration.did-account-password-changed" },
  "account.reactivated": { says: "administration.did-account-reactivated", of: "account" },
  "account.role_changed": { says: "administration.did-account-role-changed", of: "account" },
  "account.sessions_revoked": { says: "administration.did-account-sessions-revoked", of: "account" },
  "audit.read": { says: "administration.did-audit-read" },
  "identity.linked": { says: "administration.did-identity-linked" },
  "identity.unlinked": { says: "administration.did-identity-unlinked" },
  "invite.created": { says: "administration.did-invite-created" },
  "invite.revoked": { says: "administration.did-invite-revoked" },
  "membership.approved": { says: "administration.did-membership-approved", of: "membership" },
  "membership.banned": { says: "administration.did-membership-banned", of: "membership" },
  "membership.denied": { says: "administration.did-membership-denied", of: "membership" },
  "membership.handed_over": { says: "administration.did-membership-handed-over", of: "membership" },
  "membership.left": { says: "administration.did-membership-left", of: "membership" },
  "membership.removed": { says: "administration.did-membership-removed", of: "membership" },
  "membership.role_changed": { says: "administration.did-membership-role-changed", of: "membership" },
  "membership.unbanned": { says: "administration.did-membership-unbanned", of: "membership" },
  "message.deleted": { says: "administration.did-message-deleted" },
  "refresh.reused": { says: "administration.did-refresh-reused" },
  "server.new_epoch": { says: "administration.did-server-new-epoch" },
  "server.registration": { says: "administration.did-server-registration" },
  "server.set_up": { says: "administration.did-server-set-up" },
  "session.created": { says: "administration.did-session-created" },
  "session.failed": { says: "administration.did-session-failed", of: "account" },
  "session.held_back": { says: "administration.did-session-held-back" },
  "session.revoked": { says: "administration.did-session-revoked" },
  "session.signed_out": { says: "administration.did-session-signed-out" },
};

const OTHER: Told = { says: "administration.did-other" };

export interface Sentence {
  says: Key;
  /** The account that it was done to; `null`: none, or it is not known which. */
  account: number | null;
  conversation: number | null;
}

export function sentenceOf({ action, subject }: Pick<AuditEntry, "action" | "subject">): Sentence {
  const { says, of } = Object.hasOwn(TOLD, action) ? (TOLD[action] ?? OTHER) : OTHER;
  if (of === "account") return { says, account: idOf(subject), conversation: null };
  if (of !== "membership") return { says, account: null, conversation: null };
  const [conversation, account] = subject.split(":");
  return { says, account: idOf(account), conversation: idOf(conversation) };
}

function idOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

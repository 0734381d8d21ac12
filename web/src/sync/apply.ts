// The reducer: one input, the next state. Nothing here waits, asks the clock or talks to anyone.
import type { Membership } from "../api/types.ts";
import * as belonging from "./belonging.ts";
import * as rules from "./conversation.ts";
import * as deletions from "./deletions.ts";
import { takeFrame, takeMessages } from "./frames.ts";
import type { Input } from "./inputs.ts";
import { OUTBOX_LEN_MAX } from "./limits.ts";
import { open, remember } from "./looking.ts";
import * as outbox from "./outbox.ts";
import * as preferences from "./preferences.ts";
import type { Conversation, State } from "./state.ts";
import { each, update } from "./update.ts";

export function apply(state: State, input: Input): State {
  return deletions.settle(outbox.settle(applied(state, input)));
}

function applied(state: State, input: Input): State {
  const me = state.me?.id ?? 0;
  switch (input.type) {
    case "frame":
      return takeFrame(state, input.frame, input.now);
    case "connection": {
      const wasLive = state.connection.phase === "live";
      const heardAt = wasLive ? input.now : state.heardAt;
      const next = { ...state, connection: input.connection, heardAt };
      return input.connection.phase === "live" ? next : outbox.takeBreak(next);
    }
    case "page": {
      const next = update(state, input.conversation, (it) => rules.takePage(it, input.page, input.kind, me));
      return outbox.arrived(remember(next, input.conversation), input.page.messages);
    }
    case "page_failed":
      return update(state, input.conversation, (it) => ({ ...it, trouble: input.code }));
    case "turn_failed":
      return update(state, input.conversation, (it) => ({ ...it, stuck: { kind: input.kind } }));
    case "changes": {
      const { conversation: details, ...rest } = input.changes;
      const frame = {
        op: "changes",
        conversation: input.conversation,
        since: input.since,
        details,
        ...rest,
      } as const;
      return takeFrame(state, frame, 0);
    }
    case "summary":
      return belonging.takeSummary(state, input.summary);
    case "list":
      return belonging.takeList(state, input.after, input.list);
    case "members":
      return update(withNames(state, input.conversation, input.memberships), input.conversation, (it) => {
        const next = input.memberships.reduce((known, one) => rules.withMembership(known, one, me), it);
        return { ...next, membersLoaded: true };
      });
    case "pending":
      return update(state, input.conversation, (it) => ({ ...it, pending: input.memberships }));
    case "message": {
      const id = input.message.conversation_id;
      return takeMessages(state, id, [input.message], (it) => rules.withMessage(it, input.message, me));
    }
    case "membership":
      return belonging.takeMembership(state, input.membership);
    case "details":
      return update(state, input.details.id, (it) =>
        input.details.rev >= it.summary.rev ? rules.withSummary(it, input.details) : it,
      );
    case "requested":
      return belonging.withRequest(state, input.request.conversation_id, input.request);
    case "reload":
      return update(state, input.conversation, (it) => (it.window ? { ...it, reload: true } : it));
    case "gone":
      return belonging.without(state, input.conversation);
    case "me":
      return { ...state, me: input.me };
    case "opened": {
      const { conversation } = input;
      // Who goes elsewhere has decided.
      return open(
        deletions.decide(state, (it) => it.conversation !== conversation),
        conversation,
      );
    }
    case "following":
      return update(state, input.conversation, (it) =>
        it.following === input.on ? it : { ...it, following: input.on },
      );
    case "read":
      return update(state, input.conversation, (it) => rules.withRead(it, me, input.seq, me));
    case "wish":
      return update(state, input.conversation, (it) => preferences.wish(it, input.wish));
    case "wish_answered":
      return update(state, input.conversation, (it) => preferences.answer(it, input.wish, input.preferences));
    case "outgoing":
      if (state.outbox.length >= OUTBOX_LEN_MAX) return state;
      return { ...state, outbox: [...state.outbox, input.entry] };
    case "sending":
      return outbox.change(state, input.cid, (entry) => ({ ...entry, state: "sending" }));
    case "retry":
      return outbox.change(state, input.cid, (entry) => {
        return { ...entry, state: "queued", attempts: 0, notBefore: 0, error: null };
      });
    case "discard":
      return outbox.discard(state, input.cid);
    case "deletion":
      return deletions.add(state, input.entry);
    case "undelete":
      return deletions.takeBack(state, input.message);
    case "delete_now":
      return deletions.decide(state, (it) => input.message === null || it.message === input.message);
    case "deletion_sent":
      return deletions.change(state, input.message, (it) => ({ ...it, state: "sending" }));
    case "deletion_over":
      return deletions.drop(state, input.message);
    case "deletion_later":
      return deletions.change(state, input.message, (it) => {
        return { ...it, state: "due", attempts: it.attempts + 1, notBefore: input.notBefore };
      });
    case "deletion_failed":
      return deletions.change(state, input.message, (it) => {
        return { ...it, state: "failed", error: input.error };
      });
    case "resume_late":
      return each(state, (it) => (it.resuming ? { ...it, resuming: false } : it));
    case "tick":
      return each(state, (it) => withoutOldTyping(it, input.now));
  }
}

/** Who was renamed while nobody heard it: the messages that are held still have the old names. */
function withNames(state: State, conversation: number, memberships: readonly Membership[]): State {
  const messages = state.conversations[conversation]?.window?.messages ?? [];
  const shown = new Map(messages.map(({ author }) => [author.id, state.names[author.id] ?? author]));
  const renamed = memberships.filter(({ account: { id, username, display_name } }) => {
    const name = shown.get(id);
    return name && (name.username !== username || name.display_name !== display_name);
  });
  if (renamed.length === 0) return state;
  const names = renamed.map(({ account: { id, username, display_name } }) => [
    id,
    { username, display_name },
  ]);
  return { ...state, names: { ...state.names, ...Object.fromEntries(names) } };
}

function withoutOldTyping(conversation: Conversation, now: number): Conversation {
  const current = Object.entries(conversation.typing).filter(([, until]) => until > now);
  if (current.length === Object.keys(conversation.typing).length) return conversation;
  return { ...conversation, typing: Object.fromEntries(current) };
}

// What the server says over the socket, applied to the state.
import type { ServerFrame } from "../api/frames.ts";
import type { Membership, Message } from "../api/types.ts";
import * as belonging from "./belonging.ts";
import * as rules from "./conversation.ts";
import { TYPING_MS } from "./limits.ts";
import * as outbox from "./outbox.ts";
import * as preferences from "./preferences.ts";
import type { Conversation, State } from "./state.ts";
import { each, update } from "./update.ts";

export function takeFrame(state: State, frame: ServerFrame, now: number): State {
  const me = state.me?.id ?? 0;
  switch (frame.op) {
    case "welcome":
      return belonging.takeWelcome(state, frame);
    case "changes": {
      const known = state.conversations[frame.conversation];
      if (known && frame.memberships.some((one) => belonging.isMyEnd(state, one)))
        return belonging.without(state, frame.conversation);
      return takeMessages(state, frame.conversation, frame.messages, (it) =>
        rules.takeChanges(it, frame, me),
      );
    }
    case "event": {
      if (frame.type === "membership.changed" && belonging.isMyEnd(state, frame.membership)) {
        return belonging.endMembership(state, frame.conversation, frame.rev);
      }
      if (!state.conversations[frame.conversation]) return belonging.hearOf(state, frame.conversation);
      const messages = "message" in frame ? [frame.message] : [];
      return takeMessages(state, frame.conversation, messages, (it) => rules.takeEvent(it, frame, me));
    }
    case "ack":
      return outbox.takeAck(state, frame);
    case "nack":
      return outbox.takeNack(state, frame, now);
    case "receipt":
      return update(state, frame.conversation, (it) => rules.withRead(it, frame.account, frame.seq, me));
    case "typing":
      if (frame.account === me) return state;
      return update(state, frame.conversation, (it) => {
        return { ...it, typing: { ...it.typing, [frame.account]: now + TYPING_MS } };
      });
    case "presence": {
      const online = new Set(state.online);
      if (frame.state === "online") online.add(frame.account);
      else online.delete(frame.account);
      return { ...state, online };
    }
    case "account": {
      const { id, username, display_name } = frame.account;
      const names = { ...state.names, [id]: { username, display_name } };
      const mine = state.me?.id === id ? { ...state.me, ...frame.account } : state.me;
      return each({ ...state, names, me: mine }, (it) => rules.meet(it, id));
    }
    case "membership":
      if (frame.state === "active" && frame.summary) return belonging.takeSummary(state, frame.summary);
      if (frame.state === "pending" && frame.request)
        return belonging.withRequest(state, frame.conversation, frame.request);
      return belonging.refuse(
        belonging.without(state, frame.conversation),
        state.requests[frame.conversation],
      );
    case "preferences":
      return update(state, frame.conversation, (it) => preferences.hear(it, frame.preferences));
    case "request":
      return update(state, frame.conversation, (it) =>
        takeRequest(it, frame.membership, frame.pending_count),
      );
    case "lag":
      return update(state, frame.conversation, (it) => ({ ...it, head: Math.max(it.head, frame.head) }));
    default:
      // A newer server may say more than we know.
      return state;
  }
}

/** Messages as they are now, wherever they come from. Mine among them leave the outbox. */
export function takeMessages(
  state: State,
  conversation: number,
  messages: readonly Message[],
  change: (conversation: Conversation) => Conversation,
): State {
  return outbox.arrived(update(state, conversation, change), messages);
}

function takeRequest(conversation: Conversation, membership: Membership, count: number): Conversation {
  const others = conversation.pending?.filter((one) => one.account.id !== membership.account.id) ?? null;
  const pending = others && membership.state === "pending" ? [...others, membership] : others;
  return rules.withSummary({ ...conversation, pending }, { pending_count: count });
}

// Who waits at the door, all of them.
import { type Context, run } from "../../actions/action.ts";
import { approve } from "../../actions/approve.ts";
import { deny } from "../../actions/deny.ts";
import type { Conversation } from "../../sync/state.ts";
import { RequestButtons } from "../requests/request-buttons.tsx";
import { Section } from "./details.tsx";

export function PendingList({ conversation, context }: { conversation: Conversation; context: Context }) {
  const pending = conversation.pending ?? [];
  if (pending.length === 0) return null;
  return (
    <Section title="Asking to join" note={String(conversation.summary.pending_count)}>
      <ul className="stack">
        {pending.map((member) => (
          <li key={member.account.id} className="ask">
            <span>
              <b>
                <bdi>{member.account.display_name}</bdi>
              </b>{" "}
              <span className="role">@{member.account.username}</span>
            </span>
            <RequestButtons
              name={member.account.display_name}
              onDeny={() => run(deny, { member, conversation }, context)}
              onApprove={() => run(approve, { member, conversation }, context)}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

// Who waits at the door, all of them.
import { type Context, run } from "../../actions/action.ts";
import { approve } from "../../actions/approve.ts";
import { deny } from "../../actions/deny.ts";
import { formatNumber } from "../../i18n/formats.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { PersonButton } from "../profile/person-button.tsx";
import { RequestButtons } from "../requests/request-buttons.tsx";
import { Section } from "./section.tsx";

export function PendingList({ conversation, context }: { conversation: Conversation; context: Context }) {
  const { id, pending_count: count } = conversation.summary;
  const { pending } = conversation;
  if (count === 0 && !pending?.length) return null;
  return (
    <Section title={t("members.asking")} note={formatNumber(count)}>
      {pending === null && <Skeleton label={t("members.asking-loading")} rows={2} />}
      <ul className="stack">
        {pending?.map((member) => (
          <li key={member.account.id} className="ask">
            <PersonButton account={member.account} conversation={id}>
              <b>
                <bdi>{member.account.display_name}</bdi>
              </b>{" "}
              <span className="role" dir="auto">
                @{member.account.username}
              </span>
            </PersonButton>
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

// Who waits at the door, all of them.
import { type Context, run } from "../../actions/action.ts";
import { approve } from "../../actions/approve.ts";
import { deny } from "../../actions/deny.ts";
import { useProfiles } from "../../app/profiles.ts";
import { formatNumber } from "../../i18n/formats.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { RequestButtons } from "../requests/request-buttons.tsx";
import { Section } from "./section.tsx";

export function PendingList({ conversation, context }: { conversation: Conversation; context: Context }) {
  const profiles = useProfiles();
  const { id, pending_count: count } = conversation.summary;
  const { pending } = conversation;
  if (count === 0 && !pending?.length) return null;
  return (
    <Section title={t("members.asking")} note={formatNumber(count)}>
      {pending === null && <Skeleton label={t("members.asking-loading")} rows={2} />}
      <ul className="stack">
        {pending?.map((member) => (
          <li key={member.account.id} className="ask">
            <button
              type="button"
              className="person"
              aria-haspopup="dialog"
              onClick={(event) =>
                profiles.open({ account: member.account, conversation: id, under: event.currentTarget })
              }
            >
              <b>
                <bdi>{member.account.display_name}</bdi>
              </b>{" "}
              <span className="role">@{member.account.username}</span>
            </button>
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

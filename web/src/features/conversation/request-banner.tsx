// Who asks to join, with the two answers, where the owner and the moderators see it.
import { Link } from "wouter";
import { type Context, run } from "../../actions/action.ts";
import { approve } from "../../actions/approve.ts";
import { deny } from "../../actions/deny.ts";
import { bold } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { RequestButtons } from "../requests/request-buttons.tsx";

/** More stand in the details. */
const SHOWN_MAX = 2;

export function RequestBanner({ conversation, context }: { conversation: Conversation; context: Context }) {
  const pending = conversation.pending ?? [];
  if (!decides(conversation) || pending.length === 0) return null;
  const more = conversation.summary.pending_count - SHOWN_MAX;
  return (
    <section className="asks" aria-label={t("conversation.requests")}>
      {pending.slice(0, SHOWN_MAX).map((member) => (
        <div className="ask" key={member.account.id}>
          <span>
            <Rich
              id="conversation.asks"
              values={{ name: member.account.display_name }}
              parts={{ name: bold }}
            />
          </span>
          <RequestButtons
            name={member.account.display_name}
            onDeny={() => run(deny, { member, conversation }, context)}
            onApprove={() => run(approve, { member, conversation }, context)}
          />
        </div>
      ))}
      {more > 0 && (
        <Link className="ask-more" href={`/c/${conversation.summary.id}/details`}>
          {t("conversation.and-more", { count: more })}
        </Link>
      )}
    </section>
  );
}

// Everybody who put an emoji on a message, emoji by emoji.
import { t } from "../../i18n/words.ts";
import type { DetailsProps } from "./details.tsx";
import { PersonLine } from "./person-line.tsx";
import "../../ui/field.css";

/** Of one emoji: more than anybody reads, and no dialog that takes seconds to open. */
const PEOPLE_MAX = 500;

export function ReactionList({ message, people, me }: DetailsProps) {
  if (message.reactions.length === 0) return <p>{t("conversation.reactions-none")}</p>;
  return (
    <div className="details-list">
      {message.reactions.map(({ emoji, accounts }) => (
        <section key={emoji} aria-label={`${emoji} ${accounts.length}`}>
          <h3>
            {emoji} <span>{accounts.length}</span>
          </h3>
          <ul>
            {accounts.slice(0, PEOPLE_MAX).map((account) => (
              <PersonLine
                key={account}
                account={account}
                name={people.knownName(account)}
                isMe={account === me}
              />
            ))}
          </ul>
          {accounts.length > PEOPLE_MAX && (
            <p className="hint">{t("conversation.and-others", { count: accounts.length - PEOPLE_MAX })}</p>
          )}
        </section>
      ))}
    </div>
  );
}

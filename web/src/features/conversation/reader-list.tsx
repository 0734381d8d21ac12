// How far the members have read: who has read the message, and where the others stand.
import type { Membership } from "../../api/types.ts";
import { t } from "../../i18n/words.ts";
import { momentName } from "../../lib/time.ts";
import { MEMBERS_MAX } from "../../sync/limits.ts";
import type { DetailsProps } from "./details.tsx";
import { PersonLine } from "./person-line.tsx";
import "../../ui/field.css";

export function ReaderList({ message, conversation, people, me }: DetailsProps) {
  const others = Object.values(conversation.members).filter((one) => one.account.id !== me);
  const have = others.filter((one) => one.read_seq >= message.seq);
  const haveNot = others.filter((one) => one.read_seq < message.seq);
  const isCut = Object.keys(conversation.members).length >= MEMBERS_MAX;
  const line = (member: Membership, note: string) => (
    <PersonLine
      key={member.account.id}
      account={member.account.id}
      name={people.knownName(member.account.id)}
      isMe={false}
      note={note}
    />
  );
  if (others.length === 0) return <p>{t("conversation.nobody-else")}</p>;
  return (
    <div className="details-list">
      <section aria-label={t("conversation.readers-who")}>
        <h3>
          {t("conversation.readers-who")} <span>{have.length}</span>
        </h3>
        <ul>{have.map((member) => line(member, howFar(member, conversation)))}</ul>
      </section>
      {haveNot.length > 0 && (
        <section aria-label={t("conversation.readers-not")}>
          <h3>
            {t("conversation.readers-not")} <span>{haveNot.length}</span>
          </h3>
          <ul>{haveNot.map((member) => line(member, howFar(member, conversation)))}</ul>
        </section>
      )}
      {isCut && <p className="hint">{t("conversation.members-cut", { count: MEMBERS_MAX })}</p>}
    </div>
  );
}

function howFar({ read_seq }: Membership, { summary, window }: DetailsProps["conversation"]): string {
  if (read_seq >= summary.last_seq) return t("conversation.read-everything");
  if (read_seq === 0) return t("conversation.read-nothing");
  const last = window?.messages.findLast((message) => message.seq <= read_seq);
  return last
    ? t("conversation.read-to", { time: momentName(last.created_at) })
    : t("conversation.read-earlier");
}

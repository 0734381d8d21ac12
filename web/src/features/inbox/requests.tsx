// Who asks to join the rooms in which I decide, with the two answers in place; and what I asked for myself.
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { explain, run } from "../../actions/action.ts";
import { approve } from "../../actions/approve.ts";
import { deny } from "../../actions/deny.ts";
import { api } from "../../api/calls.ts";
import type { JoinRequest } from "../../api/types.ts";
import { useCopy } from "../../app/copy.ts";
import { useHouse } from "../../app/house.ts";
import { useSync } from "../../app/session.tsx";
import { useTitleOf } from "../../app/title.ts";
import { bold } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { type Key, t } from "../../i18n/words.ts";
import { type Conversation, decides, type State } from "../../sync/state.ts";
import { Missing } from "../../ui/missing.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { PersonButton } from "../profile/person-button.tsx";
import { RequestButtons } from "../requests/request-buttons.tsx";

/** Whether there is anything to show. */
export function useHasRequests(): boolean {
  return useCopy(
    (state) => asked(state).length + Object.keys({ ...state.requests, ...state.refused }).length > 0,
  );
}

export function Requests() {
  const conversations = useCopy((state) => state.conversations);
  const requests = useCopy((state) => state.requests);
  const refused = useCopy((state) => state.refused);
  const rooms = asked({ conversations });
  const mine = [...Object.values(requests), ...Object.values(refused)];
  return (
    <>
      {rooms.length > 0 && (
        <section aria-label={t("inbox.asking")} className="inbox-requests">
          {rooms.map((room) => (
            <Asking key={room.summary.id} conversation={room} />
          ))}
        </section>
      )}
      {mine.length > 0 && (
        <section aria-label={t("inbox.waiting")} className="inbox-requests">
          {mine.map((request) => (
            <Mine
              key={request.conversation_id}
              request={request}
              says={refused[request.conversation_id] ? "inbox.refused" : "inbox.waits"}
            />
          ))}
        </section>
      )}
    </>
  );
}

function asked({ conversations }: Pick<State, "conversations">): Conversation[] {
  return Object.values(conversations).filter((it) => decides(it) && it.summary.pending_count > 0);
}

function Asking({ conversation }: { conversation: Conversation }) {
  const { context } = useHouse();
  const place = useTitleOf()(conversation);
  const { error, again } = usePending(conversation);
  const { id } = conversation.summary;
  if (error) {
    return <Missing why={`${t("inbox.asks-missing", { place })} ${error}`} onRetry={again} />;
  }
  if (conversation.pending === null) return <Skeleton label={t("inbox.asks-loading")} rows={1} />;
  return conversation.pending.map((member) => {
    const name = member.account.display_name;
    return (
      <div className="ask" key={member.account.id}>
        <span>
          <Rich
            id="inbox.ask"
            values={{ name, place }}
            parts={{
              name: (text) => (
                <PersonButton account={member.account} conversation={id}>
                  {bold(text)}
                </PersonButton>
              ),
              place: (text) => <Link href={`/c/${id}`}>{bold(text)}</Link>,
            }}
          />
        </span>
        <RequestButtons
          name={name}
          onDeny={() => run(deny, { member, conversation }, context)}
          onApprove={() => run(approve, { member, conversation }, context)}
        />
      </div>
    );
  });
}

/** Has the requests of this room fetched: the copy does so by itself only for the one that is open. */
function usePending({ summary, pending }: Conversation) {
  const sync = useSync();
  const { id, pending_count: count } = summary;
  const [error, setError] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isHere = pending !== null && pending.length >= count;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again.
  useEffect(() => {
    if (isHere) return;
    let isCurrent = true;
    api.members(id, "pending").then(
      (memberships) => {
        if (!isCurrent) return;
        setError(null);
        sync.take({ type: "pending", conversation: id, memberships });
      },
      (thrown) => isCurrent && setError(explain(thrown)),
    );
    return () => {
      isCurrent = false;
    };
  }, [sync, id, count, isHere, attempt]);
  return { error, again: () => setAttempt(attempt + 1) };
}

function Mine({
  request,
  says,
}: {
  request: JoinRequest;
  says: Extract<Key, "inbox.waits" | "inbox.refused">;
}) {
  return (
    <p className="ask">
      <span>
        <Rich id={says} values={{ place: request.name }} parts={{ place: bold }} />
      </span>
    </p>
  );
}

// One conversation on the screen: its top, its log, who is typing, and the box in which one writes.
import { useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Context } from "../../actions/action.ts";
import { unmark } from "../../actions/mark-read.ts";
import { useConfirm } from "../../app/confirm.tsx";
import { useConversation, useCopy, useMe } from "../../app/copy.ts";
import { laterDialog, laterPage } from "../../app/later.tsx";
import { isNewcomer } from "../../app/newcomer.ts";
import { usePeople } from "../../app/people.ts";
import { useProfiles } from "../../app/profiles.ts";
import { useSync } from "../../app/session.tsx";
import { useTitleOf, useWindowTitle } from "../../app/title.ts";
import { isolated } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t, withWords } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, Skeleton } from "../../ui/skeleton.tsx";
import { Composer, type ComposerHandle } from "../composer/composer.tsx";
import { ConnectionLine } from "./connection-line.tsx";
import { Header } from "./header.tsx";
import { Log, type LogHandle } from "./log.tsx";
import { RequestBanner } from "./request-banner.tsx";
import { TypingLine } from "./typing-line.tsx";
import { useLinkedSeq } from "./use-linked.ts";
import "./conversation.css";
import "./message.css";

const Waiting = laterPage(() => import("./waiting.tsx").then((part) => part.Waiting));
const Welcome = laterDialog(() => withWords(import("../welcome/welcome.tsx")).then((part) => part.Welcome));

export interface ConversationPageProps {
  id: number;
  isPanelOpen: boolean;
  onPanel: () => void;
}

export function ConversationPage({ id, isPanelOpen, onPanel }: ConversationPageProps) {
  const conversation = useConversation(id);
  const request = useCopy((state) => state.requests[id]);
  const isReady = useCopy((state) => state.ready);
  const isAway = useIsAway();
  if (conversation) return <Talk conversation={conversation} isPanelOpen={isPanelOpen} onPanel={onPanel} />;
  if (request) return <Waiting request={request} />;
  if (isReady) return <NotThere id={id} />;
  return isAway ? <NotHere /> : <Skeleton label={t("conversation.loading")} rows={6} round />;
}

/** No connection, and none about to come. */
function useIsAway(): boolean {
  return useCopy(({ connection: { phase } }) => phase === "offline" || phase === "waiting");
}

/** Not among what the device keeps. */
function NotHere() {
  return (
    <Notice>
      <p role="status">{t("conversation.not-kept")}</p>
    </Notice>
  );
}

function NotThere({ id }: { id: number }) {
  const [, go] = useLocation();
  const isLink = useLinkedSeq() !== null;
  const refused = useCopy((state) => state.refused[id]);
  useWindowTitle(t("app.not-found"));
  return (
    <Notice title={t("conversation.not-member-title")}>
      {refused ? (
        <p role="status">
          <Rich id="conversation.refused" values={{ name: refused.name }} parts={{ name: isolated }} />
        </p>
      ) : (
        <p>{t(isLink ? "conversation.not-member-link" : "conversation.not-member")}</p>
      )}
      <Button onClick={() => go("/")}>{t("conversation.general")}</Button>
    </Notice>
  );
}

interface TalkProps {
  conversation: Conversation;
  isPanelOpen: boolean;
  onPanel: () => void;
}

function Talk({ conversation, isPanelOpen, onPanel }: TalkProps) {
  const sync = useSync();
  const me = useMe();
  const confirm = useConfirm();
  const [, go] = useLocation();
  const title = useTitleOf()(conversation);
  const people = usePeople(conversation);
  const profiles = useProfiles();
  const log = useRef<LogHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  const { id, archived_at, kind } = conversation.summary;
  const [isNew, setIsNew] = useState(() => kind === "general" && isNewcomer(me, sync.state()));
  const isOpen = archived_at === null;
  useWindowTitle(title);

  const context = useMemo<Context>(
    () => ({
      sync,
      me,
      confirm,
      go,
      composer: isOpen
        ? {
            reply: (message) => composer.current?.reply(message),
            edit: (message) => composer.current?.edit(message),
          }
        : null,
      showProfile(message) {
        const row = document.querySelector<HTMLElement>(`.log [data-seq="${message.seq}"]`);
        const under = row?.querySelector<HTMLElement>(".bubble") ?? row;
        if (under) profiles.open({ account: message.author, conversation: id, under });
      },
    }),
    [sync, me, confirm, go, isOpen, id, profiles],
  );

  return (
    <>
      <Header conversation={conversation} title={title} isPanelOpen={isPanelOpen} onPanel={onPanel} />
      <ConnectionLine />
      <RequestBanner conversation={conversation} context={context} />
      {isNew && <Welcome onClose={() => setIsNew(false)} />}
      {conversation.window ? (
        <Log
          ref={log}
          conversation={conversation}
          title={title}
          context={context}
          onEscape={() => composer.current?.focus()}
        />
      ) : (
        <NoLog conversation={conversation} onRetry={() => sync.open(id)} />
      )}
      <TypingLine conversation={conversation} knownName={people.knownName} />
      {isOpen ? (
        <Composer
          ref={composer}
          conversation={conversation}
          title={title}
          people={people}
          context={context}
          onSent={() => {
            log.current?.toBottom();
            // Who writes here has read it.
            void unmark(conversation.summary, sync).catch(() => {});
          }}
          onLeaveUp={() => log.current?.focusLast()}
        />
      ) : (
        <p className="closed">{t("conversation.archived-text")}</p>
      )}
    </>
  );
}

function NoLog({ conversation, onRetry }: { conversation: Conversation; onRetry: () => void }) {
  const [isAsked, setIsAsked] = useState(false);
  const { trouble } = conversation;
  const isAway = useIsAway();
  useEffect(() => {
    if (trouble) setIsAsked(false);
  }, [trouble]);
  if (isAway) return <NotHere />;
  if (trouble) {
    return (
      <Notice title={t("conversation.messages-missing")}>
        <p>{t(trouble === "network" ? "conversation.network" : "conversation.server-trouble")}</p>
        <Button
          busy={isAsked}
          onClick={() => {
            setIsAsked(true);
            onRetry();
          }}
        >
          {t("app.try-again")}
        </Button>
      </Notice>
    );
  }
  return (
    <div className="log-frame log-loading">
      <Skeleton label={t("conversation.messages-loading")} rows={6} round />
    </div>
  );
}

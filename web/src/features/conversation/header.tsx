// The top of a conversation: what it is called, what it is about, who is there.
import { PanelRight } from "lucide-react";
import { useCopy } from "../../app/copy.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { IconButton } from "../../ui/button.tsx";

export interface HeaderProps {
  conversation: Conversation;
  title: string;
  isPanelOpen: boolean;
  onPanel: () => void;
}

export function Header({ conversation, title, isPanelOpen, onPanel }: HeaderProps) {
  const { kind, description, with: other, archived_at } = conversation.summary;
  const isOnline = useCopy((state) => other !== null && state.online.has(other.id));
  return (
    <header className="top">
      <BackLink href="/" label={t("conversation.back")} isBeside />
      <div className="top-text">
        <h1>
          {kind === "room" && (
            <span className="top-sign" aria-hidden="true">
              #
            </span>
          )}
          <bdi>{title}</bdi>
        </h1>
        {other ? (
          <p>
            <span className={isOnline ? "presence filled" : "presence"} aria-hidden="true" />
            {t(isOnline ? "conversation.online-as" : "conversation.offline-as", { username: other.username })}
          </p>
        ) : (
          <p title={description}>{archived_at ? t("conversation.archived") : <bdi>{description}</bdi>}</p>
        )}
      </div>
      <IconButton
        icon={PanelRight}
        label={t(isPanelOpen ? "conversation.details-hide" : "conversation.details-show")}
        tip="left"
        aria-pressed={isPanelOpen}
        onClick={onPanel}
      />
    </header>
  );
}

// What one can do to a message: quick emoji above with the way to all the others, the actions below.
import { Eye, History, Smile, SmilePlus } from "lucide-react";
import { useState } from "react";
import { type Context, type MessageTarget, menuOf } from "../../actions/action.ts";
import { MESSAGE_ACTIONS } from "../../actions/message-actions.ts";
import { canReact, QUICK_EMOJI } from "../../actions/react.ts";
import { type Key, t } from "../../i18n/words.ts";
import { Menu, type MenuItem, type MenuPlace } from "../../ui/menu.tsx";
import { EmojiPanel } from "../emoji/emoji-panel.tsx";
import { type Detail, detailsOf } from "./details.tsx";
import { react } from "./log-keys.ts";

export interface MessageMenuProps {
  target: MessageTarget;
  place: MenuPlace;
  context: Context;
  onDetail: (detail: Detail) => void;
  onClose: () => void;
}

const DETAILS: Readonly<Record<Detail, { label: Key; icon: MenuItem["icon"] }>> = {
  reactions: { label: "conversation.reacted", icon: Smile },
  readers: { label: "conversation.readers-menu", icon: Eye },
  edits: { label: "conversation.edits", icon: History },
};

export function MessageMenu({ target, place, context, onDetail, onClose }: MessageMenuProps) {
  const [isPicking, setIsPicking] = useState(false);
  if (isPicking) {
    const pick = (emoji: string) => react(target, emoji, context);
    return <EmojiPanel place={place} onPick={pick} onClose={onClose} />;
  }
  const top = canReact(target) && (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu.
    <div className="quick-emoji" role="group" aria-label={t("conversation.react")}>
      {QUICK_EMOJI.map((emoji) => (
        <button
          key={emoji}
          type="button"
          role="menuitem"
          tabIndex={-1}
          aria-label={t("conversation.react-with", { emoji })}
          onClick={() => {
            onClose();
            react(target, emoji, context);
          }}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        aria-label={t("conversation.react-another")}
        aria-haspopup="dialog"
        title={t("conversation.react-another-short")}
        onClick={() => setIsPicking(true)}
      >
        <SmilePlus size={18} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </div>
  );
  const actions = menuOf(MESSAGE_ACTIONS, target, context);
  const details = detailsOf(target.message, target.conversation, context.me.id).map((detail) => ({
    id: detail,
    label: t(DETAILS[detail].label),
    icon: DETAILS[detail].icon,
    perform: () => onDetail(detail),
  }));
  return (
    <Menu
      label={t("conversation.menu")}
      place={place}
      top={top}
      items={[...actions.filter((it) => !it.danger), ...details, ...actions.filter((it) => it.danger)]}
      onClose={onClose}
    />
  );
}

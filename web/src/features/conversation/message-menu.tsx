// What one can do to a message: quick emoji above, the actions below.
import type { Context, MessageTarget } from "../../actions/action.ts";
import { explain, menuOf } from "../../actions/action.ts";
import { MESSAGE_ACTIONS } from "../../actions/message-actions.ts";
import { canReact, QUICK_EMOJI, toggleReaction } from "../../actions/react.ts";
import { Menu, type MenuPlace } from "../../ui/menu.tsx";
import { notify } from "../../ui/toasts.tsx";

export interface MessageMenuProps {
  target: MessageTarget;
  place: MenuPlace;
  context: Context;
  onClose: () => void;
}

export function MessageMenu({ target, place, context, onClose }: MessageMenuProps) {
  const react = (emoji: string) => {
    onClose();
    toggleReaction(target, emoji, context).catch((error: unknown) => notify(explain(error), true));
  };
  const top = canReact(target) && (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu.
    <div className="quick-emoji" role="group" aria-label="React">
      {QUICK_EMOJI.map((emoji) => (
        <button
          key={emoji}
          type="button"
          role="menuitem"
          tabIndex={-1}
          aria-label={`React ${emoji}`}
          onClick={() => react(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
  return (
    <Menu
      label="Message"
      place={place}
      top={top}
      items={menuOf(MESSAGE_ACTIONS, target, context)}
      onClose={onClose}
    />
  );
}

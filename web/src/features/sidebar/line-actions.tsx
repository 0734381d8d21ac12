// What one can do with a conversation from its line in the list.
import { menuOf } from "../../actions/action.ts";
import { LINE_ACTIONS } from "../../actions/room-actions.ts";
import { useHouse } from "../../app/house.ts";
import { useTitleOf } from "../../app/title.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { Menu, type MenuPlace } from "../../ui/menu.tsx";

export interface LineActionsProps {
  conversation: Conversation;
  place: MenuPlace;
  onClose: () => void;
}

export function LineActions({ conversation, place, onClose }: LineActionsProps) {
  const { target, context } = useHouse();
  const name = useTitleOf()(conversation);
  const items = menuOf(LINE_ACTIONS, { conversation, ...target }, context);
  return <Menu label={t("sidebar.more", { name })} place={place} items={items} onClose={onClose} />;
}

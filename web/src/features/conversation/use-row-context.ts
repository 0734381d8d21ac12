// What all rows of a log have in common, as one object that stays the same while nothing of it changes: otherwise
// every row would be drawn again with every message.
import { useMemo, useRef } from "react";
import type { Context } from "../../actions/action.ts";
import type { Message } from "../../api/types.ts";
import { useLook } from "../../app/look.ts";
import type { People } from "../../app/people.ts";
import { useProfiles } from "../../app/profiles.ts";
import { useRooms } from "../../app/rooms.ts";
import type { Conversation } from "../../sync/state.ts";
import { react } from "./log-keys.ts";
import type { RowContext } from "./message-row.tsx";

export interface RowContextInput {
  conversation: Conversation;
  context: Context;
  people: People;
  onMenu: (message: Message, button: HTMLElement) => void;
  onJump: RowContext["onJump"];
  onDetail: RowContext["onDetail"];
}

export function useRowContext(input: RowContextInput): RowContext {
  const latest = useRef(input);
  latest.current = input;
  const { me } = input.context;
  const { people } = input;
  const rooms = useRooms();
  const profiles = useProfiles();
  const canReact = input.conversation.summary.archived_at === null;
  const isFlat = useLook("messages") === "flat";
  return useMemo<RowContext>(
    () => ({
      me: me.id,
      usernames: people.usernames,
      rooms,
      nameOf: people.nameOf,
      knownName: people.knownName,
      canReact,
      isFlat,
      onToggle(message, emoji) {
        const { conversation, context } = latest.current;
        react({ message, conversation }, emoji, context);
      },
      onReply: (message) => latest.current.context.composer?.reply(message),
      onMenu: (message, button) => latest.current.onMenu(message, button),
      onJump: (message, from) => latest.current.onJump(message, from),
      onDetail: (detail, message) => latest.current.onDetail(detail, message),
      onPerson(account, under) {
        const author = people.authors.find(({ id }) => id === account);
        const { id } = latest.current.conversation.summary;
        if (author) profiles.open({ account: author, conversation: id, under });
      },
    }),
    [me.id, people, rooms, canReact, isFlat, profiles],
  );
}

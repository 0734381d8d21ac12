// One person in a list, with a word beside the name.
import { isolated } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { hueOf, initials } from "../../lib/names.ts";
import { Avatar } from "../../ui/avatar.tsx";

export interface PersonLineProps {
  account: number;
  /** `null`: nobody here knows. */
  name: string | null;
  isMe: boolean;
  note?: string;
}

export function PersonLine({ account, name, isMe, note }: PersonLineProps) {
  return (
    <li className="person-line">
      <Avatar initials={initials(name ?? "?")} hue={hueOf(account)} />
      <span className="person-name">
        {name === null ? (
          t("conversation.gone-person")
        ) : isMe ? (
          <Rich id="conversation.person-me" values={{ name }} parts={{ name: isolated }} />
        ) : (
          <bdi>{name}</bdi>
        )}
      </span>
      {note && <small>{note}</small>}
    </li>
  );
}

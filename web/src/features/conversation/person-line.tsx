// One person in a list, with a word beside the name.
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
        {name === null ? "Somebody who is not here any more" : <bdi>{name}</bdi>}
        {isMe && " (you)"}
      </span>
      {note && <small>{note}</small>}
    </li>
  );
}

// A message's text as it was typed, with addresses one can follow, names one can see, and code.
import { Fragment, memo } from "react";
import type { Message } from "../../api/types.ts";
import { type Piece, piecesOf } from "../../lib/text.ts";

export interface MessageTextProps {
  text: string;
  /** Accounts that the server found named in the text. */
  mentions: Message["mentions"];
  /** Lower-case username → account, for the people known here. */
  usernames: ReadonlyMap<string, number>;
  me: number;
  /** Whether links are stops of the Tab key. */
  isActive: boolean;
}

export const MessageText = memo(function MessageText({
  text,
  mentions,
  usernames,
  me,
  isActive,
}: MessageTextProps) {
  const known = new Set(usernames.values());
  // A name of somebody not known here can still be right, if the server found one more than we can place.
  const hasUnknown = mentions.some((id) => !known.has(id));
  const isNamed = (id: number | undefined) => (id === undefined ? hasUnknown : mentions.includes(id));
  return (
    <div className="text">
      {piecesOf(text).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places.
        <Fragment key={index}>{shown(piece, usernames, isNamed, me, isActive)}</Fragment>
      ))}
    </div>
  );
});

function shown(
  piece: Piece,
  usernames: ReadonlyMap<string, number>,
  isNamed: (id: number | undefined) => boolean,
  me: number,
  isActive: boolean,
) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "code":
      return <code>{piece.text}</code>;
    case "block":
      return (
        <pre>
          <code>{piece.text}</code>
        </pre>
      );
    case "link":
      return (
        <a
          href={piece.href}
          target="_blank"
          rel="noopener noreferrer nofollow ugc"
          tabIndex={isActive ? 0 : -1}
        >
          {piece.text}
        </a>
      );
    case "mention": {
      const id = usernames.get(piece.username.toLowerCase());
      if (!isNamed(id)) return piece.text;
      return <span className={id === me ? "mention me-too" : "mention"}>{piece.text}</span>;
    }
  }
}

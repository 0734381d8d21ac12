// A message's text: its markup as elements, addresses one can follow, names and rooms one can see, and code. Whatever
// the text holds, it becomes words in elements chosen here; no markup is made out of it.
import { Fragment, memo, useMemo } from "react";
import { Link } from "wouter";
import type { Message } from "../../api/types.ts";
import { isEmojiAlone } from "../../lib/markup/emoji.ts";
import { type Rooms, roomsIn } from "../../lib/markup/rooms.ts";
import { type Block, type Inline, treeOf } from "../../lib/markup/tree.ts";
import { Boundary } from "../../ui/boundary.tsx";
import { CodeBlock } from "./code-block.tsx";
import "./message-text.css";

export interface MessageTextProps {
  text: string;
  /** Accounts that the server found named in the text; `null`: it has not looked yet. */
  mentions: Message["mentions"] | null;
  /** Lower-case username → account, for the people known here. */
  usernames: ReadonlyMap<string, number>;
  rooms: Rooms;
  me: number;
  /** Whether what is inside are stops of the Tab key. */
  isActive: boolean;
  /** Shows who is named. */
  onPerson?: (account: number, under: HTMLElement) => void;
}

type Surroundings = Omit<MessageTextProps, "text" | "mentions"> & {
  isNamed: (account: number | undefined) => boolean;
};

/** A text that cannot be drawn with its markup is shown as it was written. */
export const MessageText = memo(function MessageText(props: MessageTextProps) {
  return (
    <Boundary of={props.text} fallback={<div className="text flow">{props.text}</div>}>
      <Marked {...props} />
    </Boundary>
  );
});

function Marked({ text, mentions, ...rest }: MessageTextProps) {
  const { usernames } = rest;
  const isNamed = useMemo(() => {
    if (mentions === null) return (account: number | undefined) => account !== undefined;
    const known = new Set(usernames.values());
    // A name of somebody not known here can still be right, if the server found one more than we can place.
    const hasUnknown = mentions.some((id) => !known.has(id));
    return (account: number | undefined) => (account === undefined ? hasUnknown : mentions.includes(account));
  }, [mentions, usernames]);
  const blocks = useMemo(() => treeOf(text), [text]);
  const isGesture = useMemo(() => isEmojiAlone(text), [text]);
  return (
    <div className={isGesture ? "text gesture" : "text"}>
      <Blocks blocks={blocks} around={{ ...rest, isNamed }} />
    </div>
  );
}

// The parts of one text never change places: their index is their key.

function Blocks({ blocks, around }: { blocks: readonly Block[]; around: Surroundings }) {
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above.
    <Fragment key={index}>{blockOf(block, around)}</Fragment>
  ));
}

function blockOf(block: Block, around: Surroundings) {
  switch (block.kind) {
    case "flow":
      return <div className="flow">{pieces(block.children, around)}</div>;
    case "heading":
      // In bold and nothing more: the headings of the page are the room and the days.
      return (
        <div className="flow">
          <strong>{pieces(block.children, around)}</strong>
        </div>
      );
    case "fence":
      return <CodeBlock language={block.language} text={block.text} isActive={around.isActive} />;
    case "quote":
      return (
        <blockquote dir="auto">
          <Blocks blocks={block.children} around={around} />
        </blockquote>
      );
    case "list": {
      const { numbers } = block;
      const items = block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: see above.
        <li key={index} value={numbers?.[index]}>
          <Blocks blocks={item} around={around} />
        </li>
      ));
      if (numbers === null) return <ul dir="auto">{items}</ul>;
      // Room for the longest number, and for the dot behind it.
      const digits = String(numbers.at(-1)).length;
      return (
        <ol dir="auto" style={{ paddingInlineStart: `${digits + 1.5}ch` }}>
          {items}
        </ol>
      );
    }
  }
}

function pieces(inlines: readonly Inline[], around: Surroundings) {
  return inlines.map((inline, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above.
    <Fragment key={index}>{pieceOf(inline, around)}</Fragment>
  ));
}

function pieceOf(inline: Inline, around: Surroundings) {
  switch (inline.kind) {
    case "text":
      return withRooms(inline.text, around);
    case "code":
      return <code dir="ltr">{inline.text}</code>;
    case "strong":
      return <strong>{pieces(inline.children, around)}</strong>;
    case "em":
      return <em>{pieces(inline.children, around)}</em>;
    case "del":
      return <del>{pieces(inline.children, around)}</del>;
    case "link":
      return (
        <a
          href={inline.href}
          title={inline.href}
          target="_blank"
          rel="noopener noreferrer nofollow ugc"
          tabIndex={around.isActive ? 0 : -1}
        >
          {pieces(inline.children, { ...around, rooms: NO_ROOMS })}
          {inline.beside && <bdi className="leads-to">{` (${inline.beside})`}</bdi>}
        </a>
      );
    case "mention": {
      const account = around.usernames.get(inline.username.toLowerCase());
      if (!around.isNamed(account)) return inline.text;
      const { onPerson } = around;
      const look = account === around.me ? "mention me-too" : "mention";
      if (account === undefined || !onPerson) return <span className={look}>{inline.text}</span>;
      return (
        <button
          type="button"
          className={look}
          tabIndex={around.isActive ? 0 : -1}
          aria-haspopup="dialog"
          onClick={(event) => onPerson(account, event.currentTarget)}
        >
          {inline.text}
        </button>
      );
    }
  }
}

const NO_ROOMS: Rooms = new Map();

function withRooms(text: string, { rooms, isActive }: Surroundings) {
  const found = roomsIn(text, rooms);
  if (found.length === 0) return text;
  return found.map(({ text: part, room }, index) =>
    room === null ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: see above.
      <Link key={index} href={`/c/${room}`} className="mention" tabIndex={isActive ? 0 : -1}>
        {part}
      </Link>
    ),
  );
}

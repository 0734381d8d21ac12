// The box in which one writes: a new message, an answer, or a change to what one wrote. Enter sends, Shift+Enter makes
// a line; what is half written survives a reload.
import { SendHorizontal, X } from "lucide-react";
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { type Context, explain, run } from "../../actions/action.ts";
import { deleteMessage } from "../../actions/delete.ts";
import { api } from "../../api/calls.ts";
import type { Message } from "../../api/types.ts";
import type { People } from "../../app/people.ts";
import { useSession } from "../../app/session.tsx";
import { charsOf, oneLine } from "../../lib/text.ts";
import type { Conversation } from "../../sync/state.ts";
import { IconButton } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";
import { Quote } from "../conversation/quote.tsx";
import { MentionList, useMentions } from "./mentions.tsx";
import { useDraft } from "./use-draft.ts";
import "./composer.css";

export interface ComposerHandle {
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  focus: () => void;
}

export interface ComposerProps {
  conversation: Conversation;
  title: string;
  people: People;
  context: Context;
  ref: Ref<ComposerHandle>;
  onSent: () => void;
  /** Shift+Tab has its own way; this is for Page Up and the like: into the log. */
  onLeaveUp: () => void;
}

/** From this share of the limit on, what is left is shown. */
const COUNT_FROM = 0.9;
/** Until the server has said what it takes. */
const CHARS_MAX = 10_000;

export function Composer({ conversation, title, people, context, ref, onSent, onLeaveUp }: ComposerProps) {
  const { sync, me } = context;
  const { id } = conversation.summary;
  const { server } = useSession();
  const charsMax = server?.message_chars_max ?? CHARS_MAX;
  const area = useRef<HTMLTextAreaElement>(null);
  const { draft, setDraft } = useDraft(me.id, id);
  const [editing, setEditing] = useState<{ message: Message; text: string; busy: boolean } | null>(null);
  const text = editing ? editing.text : draft.text;
  const setText = (next: string) =>
    editing ? setEditing({ ...editing, text: next }) : setDraft({ ...draft, text: next });
  const mentions = useMentions({ area, text, setText, people, me: me.id });
  const left = text.length > charsMax * COUNT_FROM * 0.5 ? charsMax - charsOf(text) : charsMax;
  const canSend = text.trim() !== "" && left >= 0 && !editing?.busy;
  useAutoHeight(area, text);
  useFocusHere(area);

  const focus = () => {
    const { current: box } = area;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  };
  const edit = (message: Message) => {
    setEditing({ message, text: message.body ?? "", busy: false });
    requestAnimationFrame(focus);
  };
  useImperativeHandle(ref, () => ({
    reply(message) {
      setEditing(null);
      setDraft({ ...draft, replyTo: message.id });
      requestAnimationFrame(focus);
    },
    edit,
    focus,
  }));

  function send(): void {
    if (!canSend) return;
    if (editing) {
      void save(editing.message, editing.text);
      return;
    }
    if (!sync.send(id, draft.text, draft.replyTo)) {
      notify("Too much is waiting to be sent. Wait for the connection before you write more.", true);
      return;
    }
    setDraft({ text: "", replyTo: null });
    onSent();
  }

  async function save(message: Message, changed: string): Promise<void> {
    if (changed === message.body) return setEditing(null);
    setEditing({ message, text: changed, busy: true });
    try {
      sync.take({ type: "message", message: await api.editMessage(message.id, changed) });
      setEditing(null);
    } catch (error) {
      setEditing({ message, text: changed, busy: false });
      notify(explain(error), true);
    }
  }

  /** An edit that leaves nothing asks whether the message should go. */
  function sendOrDelete(): void {
    if (editing && text.trim() === "") {
      setEditing(null);
      void run(deleteMessage, { message: editing.message, conversation }, context);
    } else send();
  }

  function editLast(): boolean {
    const mine = (it: Message) => it.author.id === me.id && it.body !== null;
    const last = conversation.window?.messages.findLast(mine);
    if (last) edit(last);
    return last !== undefined;
  }

  /** Takes one thing back at a time: the edit, then the answer. */
  function cancel(): boolean {
    if (editing) setEditing(null);
    else if (draft.replyTo !== null) setDraft({ ...draft, replyTo: null });
    else return false;
    return true;
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // An input method is putting a letter together: its Enter is not ours.
    if (event.nativeEvent.isComposing) return;
    if (mentions.onKey(event) || perform(event)) event.preventDefault();
  };

  /** Whether the key meant something here. */
  function perform(event: KeyboardEvent): boolean {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    const isEmpty = text === "" && !editing;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) sendOrDelete();
    else if (event.key === "Escape") return cancel();
    else if (event.key === "ArrowUp" && isPlain && isEmpty) return editLast();
    else if (event.key === "PageUp" && isEmpty) onLeaveUp();
    else return false;
    return true;
  }

  const replied = conversation.window?.messages.find((message) => message.id === draft.replyTo);
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        sendOrDelete();
      }}
    >
      <div className="composer-frame">
        {mentions.isOpen && <MentionList mentions={mentions} />}
        {editing && (
          <Above label="Editing" onCancel={cancel}>
            <span className="quote">
              <b>Editing</b> {oneLine(editing.message.body ?? "", 120)}
            </span>
          </Above>
        )}
        {!editing && draft.replyTo !== null && (
          <Above label="Reply" onCancel={cancel}>
            <Quote id={draft.replyTo} held={replied} isActive={false} onJump={() => {}} />
          </Above>
        )}
        <div className="composer-row">
          <textarea
            ref={area}
            rows={1}
            value={text}
            aria-label={editing ? "Edit your message" : `Write to ${title}`}
            aria-describedby={left < charsMax ? "chars-left" : undefined}
            placeholder={`Write to ${title}`}
            enterKeyHint="send"
            {...mentions.aria}
            onChange={(event) => {
              setText(event.target.value);
              if (!editing && event.target.value.trim() !== "") sync.typing(id);
            }}
            onSelect={mentions.onSelect}
            onBlur={mentions.close}
            onKeyDown={onKeyDown}
          />
          {left < charsMax * (1 - COUNT_FROM) && (
            <span id="chars-left" className={left < 0 ? "left over" : "left"} role="status">
              {left}
              <span className="hidden-text"> characters left</span>
            </span>
          )}
          <button
            type="submit"
            className="button strong send"
            disabled={!canSend}
            aria-label={editing ? "Save" : "Send"}
          >
            <SendHorizontal size={20} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </div>
      </div>
    </form>
  );
}

function Above({
  label,
  onCancel,
  children,
}: {
  label: string;
  onCancel: () => void;
  children: React.ReactNode;
}) {
  return (
    <div className="composer-above">
      <div>{children}</div>
      <IconButton
        icon={X}
        size={18}
        label={`${label}: cancel`}
        shortcut="Esc"
        tip="above"
        onClick={onCancel}
      />
    </div>
  );
}

/** As high as its text, up to what the style allows. */
function useAutoHeight(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const { current: box } = area;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [text, area]);
}

/** One comes here to write, except on screens where a keyboard would cover what is to be read. */
function useFocusHere(area: React.RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const isFree =
      document.activeElement === document.body || document.activeElement?.closest(".side") !== null;
    if (isFree && matchMedia("(pointer: fine)").matches) area.current?.focus();
  }, [area]);
}

// The box in which one writes: a new message, an answer, or a change to what one wrote. Enter sends, Shift+Enter makes
// a line; what is half written survives a reload.
import { SendHorizontal, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type Ref, useImperativeHandle, useRef } from "react";
import type { Context } from "../../actions/action.ts";
import type { Message } from "../../api/types.ts";
import type { People } from "../../app/people.ts";
import { useSession } from "../../app/session.tsx";
import { charsOf, oneLine } from "../../lib/text.ts";
import type { Conversation } from "../../sync/state.ts";
import { IconButton } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";
import { Quote } from "../conversation/quote.tsx";
import { MentionList, useMentions } from "./mentions.tsx";
import { useAutoHeight, useFocusHere } from "./use-box.ts";
import { useDraft } from "./use-draft.ts";
import { useEditing } from "./use-editing.ts";
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
  /** Page Up in an empty box leads into the log. */
  onLeaveUp: () => void;
}

/** So many characters before the limit, what is left is shown. */
const COUNT_FROM = 1_000;
/** Until the server has said what it takes. */
const CHARS_MAX = 10_000;

export function Composer({ conversation, title, people, context, ref, onSent, onLeaveUp }: ComposerProps) {
  const { sync, me } = context;
  const { id } = conversation.summary;
  const { server } = useSession();
  const area = useRef<HTMLTextAreaElement>(null);
  const { draft, setDraft } = useDraft(me.id, id);
  const editing = useEditing(conversation, context);
  const isEditing = editing.message !== null;
  const text = isEditing ? editing.text : draft.text;
  const setText = (next: string) => (isEditing ? editing.type(next) : setDraft({ ...draft, text: next }));
  const mentions = useMentions({ area, text, setText, people, me: me.id });
  const left = charsLeft(text, server?.message_chars_max ?? CHARS_MAX);
  const canSend = text.trim() !== "" && (left ?? 0) >= 0 && !editing.busy;
  useAutoHeight(area, text);
  useFocusHere(area);

  const focus = () => {
    const { current: box } = area;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  };
  const edit = (message: Message) => {
    editing.begin(message);
    // Once the text is in the box.
    requestAnimationFrame(focus);
  };
  useImperativeHandle(ref, () => ({
    reply(message) {
      editing.stop();
      setDraft({ ...draft, replyTo: message.id });
      requestAnimationFrame(focus);
    },
    edit,
    focus,
  }));

  function submit(): void {
    if (isEditing && (left ?? 0) >= 0) editing.save();
    else if (canSend) send();
  }

  function send(): void {
    // Spaces behind the last word mean nothing: often they are what a suggestion left there.
    if (!sync.send(id, draft.text.trimEnd(), draft.replyTo)) {
      notify("Too much is waiting to be sent. Wait for the connection before you write more.", true);
      return;
    }
    setDraft({ text: "", replyTo: null });
    onSent();
  }

  function editLast(): boolean {
    const last = conversation.window?.messages.findLast((it) => it.author.id === me.id && it.body !== null);
    if (last) edit(last);
    return last !== undefined;
  }

  /** Takes one thing back at a time: the edit, then the answer. */
  function cancel(): boolean {
    if (isEditing) editing.stop();
    else if (draft.replyTo !== null) setDraft({ ...draft, replyTo: null });
    else return false;
    return true;
  }

  /** Whether the key meant something here. */
  function perform(event: KeyboardEvent): boolean {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    const isEmpty = text === "" && !isEditing;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) submit();
    else if (event.key === "Escape") return cancel();
    else if (event.key === "ArrowUp" && isPlain && isEmpty) return editLast();
    else if (event.key === "PageUp" && isEmpty) onLeaveUp();
    else return false;
    return true;
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // An input method is putting a letter together: its Enter is not ours.
    if (event.nativeEvent.isComposing) return;
    if (mentions.onKey(event) || perform(event)) event.preventDefault();
  };

  const replied = conversation.window?.messages.find((message) => message.id === draft.replyTo);
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="composer-frame">
        {mentions.isOpen && <MentionList mentions={mentions} />}
        {editing.message && (
          <Above label="Editing" onCancel={cancel}>
            <span className="quote">
              <b>Editing</b> {oneLine(editing.message.body ?? "", 120)}
            </span>
          </Above>
        )}
        {!isEditing && draft.replyTo !== null && (
          <Above label="Reply" onCancel={cancel}>
            <Quote id={draft.replyTo} held={replied} isActive={false} onJump={() => {}} />
          </Above>
        )}
        <div className="composer-row">
          <textarea
            ref={area}
            rows={1}
            value={text}
            aria-label={isEditing ? "Edit your message" : `Write to ${title}`}
            aria-describedby={left === null ? undefined : "chars-left"}
            placeholder={`Write to ${title}`}
            enterKeyHint="send"
            dir="auto"
            {...mentions.aria}
            onChange={(event) => {
              setText(event.target.value);
              if (!isEditing && event.target.value.trim() !== "") sync.typing(id);
            }}
            onSelect={mentions.onSelect}
            onBlur={mentions.close}
            onKeyDown={onKeyDown}
          />
          {left !== null && (
            <span id="chars-left" className={left < 0 ? "left over" : "left"} role="status">
              {left}
              <span className="hidden-text"> characters left</span>
            </span>
          )}
          <button
            type="submit"
            className="button strong send"
            disabled={!canSend}
            aria-label={isEditing ? "Save" : "Send"}
          >
            <SendHorizontal size={20} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </div>
      </div>
    </form>
  );
}

function Above({ label, onCancel, children }: { label: string; onCancel: () => void; children: ReactNode }) {
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

/** `null` while there is plenty. Counting is left out where even halves of characters are too few to matter. */
function charsLeft(text: string, charsMax: number): number | null {
  if (text.length < charsMax - COUNT_FROM) return null;
  const left = charsMax - charsOf(text);
  return left > COUNT_FROM ? null : left;
}

// The box in which one writes: a new message, an answer, or a change to what one wrote. Nothing that changes with each
// letter leaves it: the log is not drawn again. What is half written survives a reload.
import { SendHorizontal, Smile, X } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import type { Context } from "../../actions/action.ts";
import type { Message } from "../../api/types.ts";
import { enterKey } from "../../app/enter-key.ts";
import { laterDialog } from "../../app/later.tsx";
import type { People } from "../../app/people.ts";
import { useProfileBox } from "../../app/profiles.ts";
import { useSession } from "../../app/session.tsx";
import { hidden, isolated } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { charsOf, oneLine } from "../../lib/text.ts";
import type { Conversation } from "../../sync/state.ts";
import { IconButton } from "../../ui/button.tsx";
import { Quote } from "../conversation/quote.tsx";
import { loadEmojiWhenIdle } from "../emoji/emoji-data.ts";
import { EmojiPanel } from "../emoji/emoji-panel.tsx";
import { applyEdit } from "./box-edit.ts";
import { isInFence } from "./code.ts";
import { CompletionList } from "./completion-list.tsx";
import { isControl, isPlain, isShift, sends } from "./keys.ts";
import { Notes } from "./notes.tsx";
import { useAutoHeight, useFocusHere } from "./use-box.ts";
import { useCompletion } from "./use-completion.ts";
import { useDraft } from "./use-draft.ts";
import { useEditing } from "./use-editing.ts";
import { useFormatKeys } from "./use-format-keys.ts";
import { useRecall } from "./use-recall.ts";
import { useSending } from "./use-sending.ts";
import { useStrangers } from "./use-strangers.ts";
import "./composer.css";

const Help = laterDialog(() => import("./help.tsx").then((part) => part.Help));

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
  const smile = useRef<HTMLButtonElement>(null);
  const { draft, setDraft } = useDraft(me.id, id);
  const editing = useEditing(conversation, context);
  const isEditing = editing.message !== null;
  const text = isEditing ? editing.text : draft.text;
  const setText = (next: string) => (isEditing ? editing.type(next) : setDraft({ ...draft, text: next }));
  const [opened, setOpened] = useState<"emoji" | "help" | null>(null);
  const completion = useCompletion({ area, conversation, people, sync, me: me.id, isEditing });
  const formatting = useFormatKeys(area);
  const recall = useRecall(area, me.id, id);
  const strangers = useStrangers(text, conversation, me);
  const sending = useSending({
    conversation,
    context,
    send: (body) => sync.send(id, body, draft.replyTo),
    onDone(isSent) {
      setDraft({ text: "", replyTo: isSent ? null : draft.replyTo });
      if (!isSent) return;
      recall.keep(draft.text.trimEnd());
      onSent();
    },
    onHelp: () => setOpened("help"),
  });
  const left = charsLeft(text, server?.message_chars_max ?? CHARS_MAX);
  const canSend = text.trim() !== "" && (left ?? 0) >= 0 && !editing.busy && !sending.busy;
  useAutoHeight(area, text);
  useFocusHere(area);
  useEffect(loadEmojiWhenIdle, []);

  const focus = () => {
    const { current: box } = area;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  };
  const close = () => setOpened(null);
  // What is behind a modal panel loses its place.
  const place = useRef<readonly [number, number]>([0, 0]);
  const openEmoji = () => {
    const { selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
    place.current = [selectionStart, selectionEnd];
    setOpened("emoji");
  };
  const insert = (char: string) => {
    const [from, to] = place.current;
    if (area.current) applyEdit(area.current, { from, to, text: char });
  };
  useProfileBox((text) => {
    const box = area.current;
    if (!box) return;
    const { selectionStart: from, selectionEnd: to, value } = box;
    const isApart = from === 0 || /\s/u.test(value.charAt(from - 1));
    applyEdit(box, { from, to, text: isApart ? text : ` ${text}` });
  });
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
    // Spaces behind the last word mean nothing: often they are what a suggestion left there.
    else if (canSend) void sending.submit(draft.text.trimEnd());
  }

  function editLast(): boolean {
    const last = conversation.window?.messages.findLast((it) => it.author.id === me.id && it.body !== null);
    if (last) edit(last);
    return last !== undefined;
  }

  function replyToLast(): boolean {
    const last = conversation.window?.messages.findLast((it) => it.body !== null);
    if (last) setDraft({ ...draft, replyTo: last.id });
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
    const isEmpty = text === "" && !isEditing;
    const { selectionStart: caret = 0 } = area.current ?? {};
    if (sends(event, enterKey(), text, caret)) submit();
    else if (event.key === "Escape") return cancel();
    else if (event.key === "ArrowUp" && isPlain(event) && isEmpty) return editLast();
    else if (event.key === "ArrowUp" && isShift(event) && isEmpty) return replyToLast();
    else if (event.key === "PageUp" && isEmpty) onLeaveUp();
    else if (isControl(event) && event.shiftKey && event.key.toLowerCase() === "e") openEmoji();
    else return false;
    return true;
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // An input method is putting a letter together: its Enter is not ours.
    if (event.nativeEvent.isComposing) return;
    const isRecalled = !isEditing && !sending.busy && recall.onKey(event);
    if (isRecalled || completion.onKey(event) || formatting.onKey(event) || perform(event))
      event.preventDefault();
  };

  const replied = conversation.window?.messages.find((message) => message.id === draft.replyTo);
  return (
    <>
      <form
        className="composer"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="composer-frame">
          {completion.isOpen && <CompletionList completion={completion} />}
          {editing.message && (
            <Above label={t("composer.cancel-edit")} onCancel={cancel}>
              <span className="quote">
                <Rich
                  id="composer.editing"
                  values={{ text: oneLine(editing.message.body ?? "", 120) }}
                  parts={{ b: (words) => <b>{words}</b>, text: isolated }}
                />
              </span>
            </Above>
          )}
          {!isEditing && draft.replyTo !== null && (
            <Above label={t("composer.cancel-reply")} onCancel={cancel}>
              <Quote id={draft.replyTo} held={replied} isActive={false} onJump={() => {}} />
            </Above>
          )}
          <div className="composer-row">
            <textarea
              ref={area}
              rows={1}
              value={text}
              aria-label={isEditing ? t("composer.edit") : t("composer.write", { title })}
              aria-describedby={left === null ? "composer-notes" : "chars-left composer-notes"}
              placeholder={t("composer.write", { title })}
              enterKeyHint={enterKey() === "send" ? "send" : "enter"}
              readOnly={sending.busy}
              // An empty one has no direction of its own: it begins where the page does.
              dir={text === "" ? undefined : "auto"}
              {...completion.aria}
              onChange={(event) => {
                setText(event.target.value);
                sending.warn(null);
                if (!isEditing && event.target.value.trim() !== "") sync.typing(id);
              }}
              onSelect={completion.onSelect}
              onBlur={completion.close}
              onPaste={formatting.onPaste}
              onKeyDown={onKeyDown}
            />
            {left !== null && (
              <span id="chars-left" className={left < 0 ? "left over" : "left"} role="status">
                <Rich id="composer.characters-left" values={{ count: left }} parts={{ hidden }} />
              </span>
            )}
            <IconButton
              ref={smile}
              icon={Smile}
              label={t("composer.emoji")}
              shortcut="Ctrl Shift E"
              tip="above"
              aria-haspopup="dialog"
              aria-expanded={opened === "emoji"}
              onClick={openEmoji}
            />
            <button
              type="submit"
              className="button strong send"
              disabled={!canSend}
              aria-label={t(isEditing ? "composer.save" : "composer.send")}
            >
              <SendHorizontal size={20} strokeWidth={1.75} aria-hidden="true" />
            </button>
          </div>
        </div>
        <Notes
          conversation={conversation}
          warning={sending.warning}
          strangers={strangers}
          hint={isInFence(text, text.length) && enterKey() === "send" ? t("composer.fence") : null}
        />
      </form>
      {opened === "emoji" && smile.current && (
        <EmojiPanel place={{ under: smile.current }} onPick={insert} onClose={close} />
      )}
      {opened === "help" && <Help conversation={conversation} onClose={close} />}
    </>
  );
}

function Above({ label, onCancel, children }: { label: string; onCancel: () => void; children: ReactNode }) {
  return (
    <div className="composer-above">
      <div>{children}</div>
      <IconButton icon={X} size={18} label={label} shortcut="Esc" tip="above" onClick={onCancel} />
    </div>
  );
}

/** `null` while there is plenty. Counting is left out where even halves of characters are too few to matter. */
function charsLeft(text: string, charsMax: number): number | null {
  if (text.length < charsMax - COUNT_FROM) return null;
  const left = charsMax - charsOf(text);
  return left > COUNT_FROM ? null : left;
}

// What /help shows: the commands, and the keys of the box.
import { COMMANDS } from "../../actions/commands/commands.ts";
import { enterKey } from "../../app/enter-key.ts";
import type { Conversation } from "../../sync/state.ts";
import { Dialog } from "../../ui/dialog.tsx";

export function Help({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  return (
    <Dialog title="Commands and keys" onClose={onClose}>
      <dl className="help">
        {COMMANDS.map(({ name, takes, help, refusal }) => {
          const reason = refusal({ conversation });
          return (
            <div key={name}>
              <dt>
                <code>{`/${name} ${takes}`.trim()}</code>
              </dt>
              <dd>
                {help}
                {reason && <small>{reason}</small>}
              </dd>
            </div>
          );
        })}
        <div>
          <dt>
            <code>{"//text"}</code>
          </dt>
          <dd>Sends a text that begins with a slash</dd>
        </div>
      </dl>
      <dl className="help">
        {keysFor(enterKey()).map(([keys, help]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function keysFor(enter: ReturnType<typeof enterKey>): [string, string][] {
  const sending: [string, string][] =
    enter === "send"
      ? [
          ["Enter", "Sends; inside a block of code it makes a line"],
          ["Shift+Enter", "Makes a line"],
          ["Ctrl+Enter", "Sends from anywhere"],
        ]
      : [
          ["Ctrl+Enter", "Sends"],
          ["Enter", "Makes a line"],
        ];
  return [
    ...sending,
    ["Up", "In the empty box: changes your last message"],
    ["Shift+Up", "In the empty box: replies to the last message"],
    ["Esc", "Leaves changing or replying"],
    ["Ctrl+B", "Bold"],
    ["Ctrl+I", "Slanted"],
    ["Ctrl+Shift+X", "Struck through"],
    ["Ctrl+Shift+C", "Code"],
    ["Ctrl+Shift+E", "Emoji"],
    ["@ # :", "Names a person, a room, an emoji"],
  ];
}

// What /help shows: the commands.
import { COMMANDS } from "../../actions/commands/commands.ts";
import type { Conversation } from "../../sync/state.ts";
import { Dialog } from "../../ui/dialog.tsx";

export function Help({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  return (
    <Dialog title="Commands" onClose={onClose}>
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
      <p>Ctrl+/ shows all keys, those for writing among them.</p>
    </Dialog>
  );
}

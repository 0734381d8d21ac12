// What /help shows: the commands.
import { usageOf } from "../../actions/commands/command.ts";
import { COMMANDS } from "../../actions/commands/commands.ts";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { Dialog } from "../../ui/dialog.tsx";

export function Help({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  return (
    <Dialog title={t("composer.commands")} onClose={onClose}>
      <dl className="help">
        {COMMANDS.map((command) => {
          const reason = command.refusal({ conversation });
          return (
            <div key={command.name}>
              <dt>
                <code>{usageOf(command)}</code>
              </dt>
              <dd>
                {t(command.help)}
                {reason && <small>{reason}</small>}
              </dd>
            </div>
          );
        })}
        <div>
          <dt>
            <code>{`//${t("actions.command-text")}`}</code>
          </dt>
          <dd>{t("composer.commands-text")}</dd>
        </div>
      </dl>
      <p>{t("composer.commands-keys")}</p>
    </Dialog>
  );
}

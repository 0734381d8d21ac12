// Every key that does something, in one place.
import { enterKey } from "../../app/enter-key.ts";
import { type ShortcutRow, shortcutGroups } from "../../app/shortcut-table.ts";
import { capsOf, spokenKeys } from "../../lib/keys.ts";
import { Dialog } from "../../ui/dialog.tsx";
import "./shortcuts.css";
import { formatList } from "../../i18n/formats.ts";
import { t } from "../../i18n/words.ts";

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose}>
      <div className="shortcuts">
        {shortcutGroups(enterKey()).map(({ title, rows }) => (
          <section key={title} aria-label={t(title)}>
            <h3>{t(title)}</h3>
            <dl>
              {rows.map((row) => (
                <Row key={row.label} {...row} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Row({ label, keys }: ShortcutRow) {
  return (
    <div className="shortcut">
      <dt>{t(label)}</dt>
      <dd>
        <span className="hidden-text">{formatList(keys.map(spokenKeys), "disjunction")}</span>
        <span aria-hidden="true">
          {keys.map((one) => (
            <span key={one} className="chord">
              {capsOf(one).map((cap) => (
                <kbd key={cap}>{cap}</kbd>
              ))}
            </span>
          ))}
        </span>
      </dd>
    </div>
  );
}

// Do not disturb: begun by the bell above the list, shown at its foot, and ended there.
import { Bell, BellOff } from "lucide-react";
import { useState } from "react";
import { menuOf } from "../../actions/action.ts";
import { endQuiet, QUIET_ACTIONS } from "../../actions/quiet.ts";
import { useHouse } from "../../app/house.ts";
import { wake } from "../../app/told/preferences.ts";
import { useQuiet } from "../../app/told/use-quiet.ts";
import { t } from "../../i18n/words.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import "./quiet.css";

export function QuietLine() {
  const quiet = useQuiet();
  return (
    <div role="status">
      {quiet !== null && (
        <div className="hush">
          <BellOff size={16} strokeWidth={1.75} aria-hidden="true" />
          <span>{quiet}</span>
          <Button look="quiet" aria-label={t("sidebar.quiet-end")} onClick={wake}>
            {t("sidebar.quiet-end-short")}
          </Button>
        </div>
      )}
    </div>
  );
}

export function QuietButton() {
  const [under, setUnder] = useState<HTMLElement | null>(null);
  const { target, context } = useHouse();
  const isQuiet = useQuiet() !== null;
  return (
    <>
      <IconButton
        icon={isQuiet ? BellOff : Bell}
        label={t("sidebar.quiet")}
        aria-haspopup="menu"
        aria-expanded={under !== null}
        onClick={(event) => setUnder(event.currentTarget)}
      />
      {under && (
        <Menu
          label={t("sidebar.quiet")}
          place={{ under }}
          items={menuOf([endQuiet, ...QUIET_ACTIONS], target, context)}
          onClose={() => setUnder(null)}
        />
      )}
    </>
  );
}

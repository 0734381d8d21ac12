// What the list shows and in which order; and while it does not show everything, a line that says so.
import { ListFilter } from "lucide-react";
import { useState } from "react";
import { menuOf } from "../../actions/action.ts";
import { LIST_ACTIONS } from "../../actions/list-view.ts";
import { useHouse } from "../../app/house.ts";
import { t } from "../../i18n/words.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { setView, useView } from "./view.ts";

export function ViewButton() {
  const [under, setUnder] = useState<HTMLElement | null>(null);
  const { target, context } = useHouse();
  const label = t("sidebar.view");
  return (
    <>
      <IconButton
        icon={ListFilter}
        label={label}
        aria-haspopup="menu"
        aria-expanded={under !== null}
        onClick={(event) => setUnder(event.currentTarget)}
      />
      {under && (
        <Menu
          label={label}
          place={{ under }}
          items={menuOf(LIST_ACTIONS, target, context)}
          onClose={() => setUnder(null)}
        />
      )}
    </>
  );
}

export function FilterLine({ isEmpty }: { isEmpty: boolean }) {
  const { onlyUnread } = useView();
  return (
    <div role="status">
      {onlyUnread && (
        <div className="hush">
          <ListFilter size={16} strokeWidth={1.75} aria-hidden="true" />
          <span>{t(isEmpty ? "sidebar.all-read" : "sidebar.only-unread")}</span>
          <Button look="quiet" onClick={() => setView({ onlyUnread: false })}>
            {t("sidebar.show-all")}
          </Button>
        </div>
      )}
    </div>
  );
}

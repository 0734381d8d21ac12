// The panel in which one picks an emoji. What is inside loads when it is first opened.
import { useEffect, useState } from "react";
import { loadNewest } from "../../app/worker.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import type { MenuPlace } from "../../ui/menu.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Notice, Skeleton } from "../../ui/skeleton.tsx";
import { loadEmoji } from "./emoji-data.ts";
import { rememberEmoji } from "./emoji-kept.ts";
import type { EmojiSet } from "./emoji-set.ts";

export interface EmojiPanelProps {
  place: MenuPlace;
  /** Called once the panel is gone and the focus is back. */
  onPick: (char: string) => void;
  onClose: () => void;
}

type Browser = typeof import("./emoji-browser.tsx").EmojiBrowser;
type Inside =
  | { state: "loading" }
  | { state: "failed" }
  | { state: "ready"; Browser: Browser; set: EmojiSet };

export function EmojiPanel({ place, onPick, onClose }: EmojiPanelProps) {
  const inside = useInside();
  const pick = (char: string) => {
    rememberEmoji(char);
    onClose();
    requestAnimationFrame(() => onPick(char));
  };
  return (
    <Panel label={t("emoji.title")} place={place} onClose={onClose}>
      {inside.state === "ready" && <inside.Browser set={inside.set} onPick={pick} />}
      {inside.state === "loading" && <Skeleton label={t("emoji.loading")} rows={5} />}
      {inside.state === "failed" && (
        <Notice title={t("emoji.missing")}>
          <p>{t("errors.network")}</p>
          <Button onClick={loadNewest} autoFocus>
            {t("app.reload")}
          </Button>
        </Notice>
      )}
    </Panel>
  );
}

function useInside(): Inside {
  const [inside, setInside] = useState<Inside>({ state: "loading" });
  useEffect(() => {
    let isCurrent = true;
    Promise.all([import("./emoji-browser.tsx"), loadEmoji()]).then(
      ([{ EmojiBrowser }, set]) => {
        if (isCurrent) setInside({ state: "ready", Browser: EmojiBrowser, set });
      },
      () => {
        if (isCurrent) setInside({ state: "failed" });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return inside;
}

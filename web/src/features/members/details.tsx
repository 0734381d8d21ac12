// Beside the conversation: what it is, who is in it, how others come in, and what one may do about all that.
import { X } from "lucide-react";
import { useConversation } from "../../app/copy.ts";
import { t } from "../../i18n/words.ts";
import { IconButton } from "../../ui/button.tsx";
import { Parts } from "./parts.tsx";
import "./details.css";

export function Details({ id, onClose }: { id: number; onClose: () => void }) {
  const conversation = useConversation(id);
  return (
    <aside
      className="panel"
      aria-label={t("members.title")}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <div className="panel-head">
        <h2>{t("members.title")}</h2>
        <IconButton icon={X} label={t("members.close")} tip="left" onClick={onClose} />
      </div>
      {conversation && <Parts conversation={conversation} />}
    </aside>
  );
}

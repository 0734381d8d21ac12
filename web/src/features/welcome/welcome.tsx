// For who has just come: what Parlor is, and three ways to begin. Once dismissed it never comes back.
import { Keyboard, MessageSquarePlus, Plus, X } from "lucide-react";
import { useMe } from "../../app/copy.ts";
import { useDialogs } from "../../app/dialogs.ts";
import { endWelcome } from "../../app/newcomer.ts";
import { t } from "../../i18n/words.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import "./welcome.css";

export function Welcome({ onClose }: { onClose: () => void }) {
  const { id } = useMe();
  const { open } = useDialogs();
  const dismiss = () => {
    endWelcome(id);
    onClose();
    // What had the focus is gone: one came here to write.
    document.querySelector<HTMLElement>(".composer textarea")?.focus();
  };
  return (
    <section className="welcome" aria-labelledby="welcome">
      <div className="welcome-head">
        <h2 id="welcome">{t("welcome.title")}</h2>
        <IconButton icon={X} size={18} label={t("welcome.dismiss")} tip="left" onClick={dismiss} />
      </div>
      <p>{t("welcome.text")}</p>
      <div className="welcome-hints">
        <Button icon={Plus} onClick={() => open("new-room")}>
          {t("welcome.room")}
        </Button>
        <Button icon={MessageSquarePlus} onClick={() => open("finder")}>
          {t("welcome.person")}
        </Button>
        <Button icon={Keyboard} onClick={() => open("shortcuts")}>
          {t("welcome.shortcuts")}
        </Button>
      </div>
    </section>
  );
}

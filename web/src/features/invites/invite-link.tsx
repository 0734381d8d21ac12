// A link to send to people, with a button that copies it.
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { copyText } from "../../actions/clipboard.ts";
import { Button } from "../../ui/button.tsx";
import { announce } from "../../ui/live.tsx";
import { notify } from "../../ui/toasts.tsx";
import "./invites.css";
import { t } from "../../i18n/words.ts";
import "../../ui/field.css";

export function InviteLink({ url, isFirst = false }: { url: string; isFirst?: boolean }) {
  const [isCopied, setIsCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await copyText(url);
      setIsCopied(true);
      announce(t("invites.link-copied"));
    } catch (error) {
      notify(explain(error), true);
    }
  }
  return (
    <div className="invite-link">
      <input
        className="input"
        readOnly
        value={url}
        aria-label={t("invites.link")}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button icon={isCopied ? Check : Copy} onClick={() => void copy()} autoFocus={isFirst}>
        {t(isCopied ? "invites.copied" : "invites.copy")}
      </Button>
    </div>
  );
}

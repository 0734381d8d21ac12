// The way to the inbox, with how much there wants me.
import { Inbox } from "lucide-react";
import { Link, useRoute } from "wouter";
import { useWantsMe } from "../../app/wants-me.ts";
import { t } from "../../i18n/words.ts";
import { Badge, shorten } from "../../ui/badge.tsx";
import "./inbox-link.css";

export function InboxLink() {
  const count = useWantsMe();
  const [isOpen] = useRoute("/inbox");
  return (
    <nav aria-label={t("app.inbox")}>
      <Link
        href="/inbox"
        className={isOpen ? "row inbox-link on" : "row inbox-link"}
        aria-current={isOpen ? "page" : undefined}
        aria-keyshortcuts="Control+Shift+M"
      >
        <span className="sign">
          <Inbox size={18} strokeWidth={1.75} aria-hidden="true" />
        </span>
        <span className="row-name">{t("app.inbox")}</span>
        {count > 0 && <Badge wants shown={shorten(count)} words={t("app.inbox-wants", { count })} />}
      </Link>
    </nav>
  );
}

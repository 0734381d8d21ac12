// One's own things: how one is called, the password, where one is signed in, how the page looks; and for
// administrators, the way to their page.
import { LogOut } from "lucide-react";
import { useState } from "react";
import { explain } from "../../actions/action.ts";
import { useConfirm } from "../../app/confirm.tsx";
import { useCopy, useMe } from "../../app/copy.ts";
import { useSession } from "../../app/session.tsx";
import { useWindowTitle } from "../../app/title.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Button } from "../../ui/button.tsx";
import { notify } from "../../ui/toasts.tsx";
import { AdministrationLink } from "./administration-link.tsx";
import { Identities } from "./identities.tsx";
import { Keys } from "./keys.tsx";
import { LanguageChoice } from "./language-choice.tsx";
import { LookChoice } from "./look-choice.tsx";
import { Notifications } from "./notifications.tsx";
import { Password } from "./password.tsx";
import { Profile } from "./profile.tsx";
import { Sessions } from "./sessions.tsx";
import { WritingChoice } from "./writing-choice.tsx";
import "../members/details.css";
import "./settings.css";
import { t } from "../../i18n/words.ts";

export function Settings() {
  const me = useMe();
  useWindowTitle(t("settings.title"));
  return (
    <>
      <header className="top">
        <BackLink href="/" label={t("settings.back")} isBeside />
        <div className="top-text">
          <h1>{t("settings.title")}</h1>
        </div>
        <SignOut />
      </header>
      <div className="settings">
        <Profile />
        <LookChoice />
        <LanguageChoice />
        <WritingChoice />
        <Notifications />
        <Keys />
        <Password />
        <Identities />
        <Sessions />
        {me.role === "administrator" && <AdministrationLink />}
      </div>
    </>
  );
}

function SignOut() {
  const { leave } = useSession();
  const confirm = useConfirm();
  const unsent = useCopy((state) => state.outbox.length);
  const [busy, setBusy] = useState(false);
  async function signOut(): Promise<void> {
    const question = {
      title: t("settings.sign-out-title"),
      text: t("settings.sign-out-text", { count: unsent }),
      action: t("settings.sign-out"),
    };
    if (unsent > 0 && !(await confirm({ ...question, danger: true }))) return;
    setBusy(true);
    try {
      await leave();
    } catch (error) {
      setBusy(false);
      notify(explain(error), true);
    }
  }
  return (
    <Button icon={LogOut} busy={busy} onClick={() => void signOut()}>
      {t("settings.sign-out")}
    </Button>
  );
}

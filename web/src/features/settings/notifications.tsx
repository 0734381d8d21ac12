// What one is told of on this device, and whether its browser lets us.
import { Bell, Volume2 } from "lucide-react";
import { useState } from "react";
import { askPermission, type Permission, usePermission } from "../../app/told/permission.ts";
import { prefer, usePreferences } from "../../app/told/preferences.ts";
import { Button } from "../../ui/button.tsx";
import { Check } from "../../ui/check.tsx";
import { Choice } from "../../ui/field.tsx";
import { notify } from "../../ui/toasts.tsx";

export function Notifications() {
  const { level, hidesText, sound } = usePreferences();
  return (
    <section aria-labelledby="notifications">
      <h2 id="notifications">Notifications</h2>
      <Allowed permission={usePermission()} />
      <Choice
        label="Tell me of"
        value={level}
        onChange={(chosen) => prefer({ level: chosen })}
        hint="On this device. Requests to join rooms that you decide about count as yours. You are never told of the conversation that you are looking at."
        choices={[
          { value: "all", label: "Everything" },
          { value: "personal", label: "Private messages and mentions" },
          { value: "nothing", label: "Nothing" },
        ]}
      />
      <Check
        label="Hide what was written"
        hint="Notifications then say who wrote and where, and nothing more."
        value={hidesText}
        onChange={(hides) => prefer({ hidesText: hides })}
      />
      <div className="with-button">
        <Check label="Play a sound" value={sound} onChange={(plays) => prefer({ sound: plays })} />
        <Button look="quiet" icon={Volume2} onClick={() => void listen()}>
          Listen
        </Button>
      </div>
    </section>
  );
}

async function listen(): Promise<void> {
  try {
    const { playSound } = await import("../../app/told/sound.ts");
    await playSound();
  } catch {
    notify("This browser did not play the sound.", true);
  }
}

function Allowed({ permission }: { permission: Permission }) {
  const [busy, setBusy] = useState(false);
  if (permission !== "default") return <p className="panel-text">{EXPLAINED[permission]}</p>;
  async function ask(): Promise<void> {
    setBusy(true);
    await askPermission().catch(() => {});
    setBusy(false);
  }
  return (
    <div className="stack">
      <p className="panel-text">
        This browser does not show notifications of Parlor yet. It will ask you first.
      </p>
      <div>
        <Button look="strong" icon={Bell} busy={busy} onClick={() => void ask()}>
          Allow notifications
        </Button>
      </div>
    </div>
  );
}

const EXPLAINED: Readonly<Record<Exclude<Permission, "default">, string>> = {
  granted: "This browser shows notifications while Parlor is open in it.",
  denied:
    "This browser was told not to show notifications of Parlor. To change that, click on the sign to the left of the address, look for notifications, and allow them.",
  insecure:
    "Browsers show notifications only for pages whose address begins with https. Whoever runs this server can set that up.",
  missing:
    "This browser cannot show notifications of a page. The title of the window still counts what is unread.",
};

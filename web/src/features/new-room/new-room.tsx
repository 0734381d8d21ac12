// Making a room: its name, and then at once the link with which others come in.
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../../api/calls.ts";
import type { CreatedConversation } from "../../api/types.ts";
import { useSync } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Area, Field } from "../../ui/field.tsx";
import { Problem } from "../../ui/missing.tsx";
import { InviteLink } from "../invites/invite-link.tsx";

export function NewRoom({ onClose }: { onClose: () => void }) {
  const sync = useSync();
  const [, go] = useLocation();
  const [made, setMade] = useState<CreatedConversation | null>(null);
  const { busy, onSubmit, errorOf, errorBeside } = useSubmit(async (form) => {
    const created = await api.makeRoom(textOf(form, "name"), textOf(form, "description"));
    sync.take({ type: "summary", summary: created.conversation });
    go(`/c/${created.conversation.id}`);
    setMade(created);
  });
  const problem = errorBeside("name", "description");

  if (made) {
    return (
      <Dialog title={t("new-room.ready", { name: made.conversation.name ?? "" })} onClose={onClose}>
        <p>{t("new-room.ready-text")}</p>
        {made.invite?.url && <InviteLink url={made.invite.url} isFirst />}
        <div className="dialog-foot">
          <Button look="strong" onClick={onClose}>
            {t("new-room.go")}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("new-room.title")} onClose={onClose}>
      <form className="stack" onSubmit={onSubmit}>
        <Problem>{problem}</Problem>
        <Field
          label={t("new-room.name")}
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          autoFocus
          error={errorOf("name")}
        />
        <Area
          label={t("new-room.about")}
          name="description"
          maxLength={500}
          hint={t("new-room.about-hint")}
          error={errorOf("description")}
        />
        <div className="dialog-foot">
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
          <Button look="strong" type="submit" busy={busy}>
            {t("new-room.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

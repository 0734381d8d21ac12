// A room's name and description, which the owner and the moderators change where they stand.
import { Pencil } from "lucide-react";
import { useState } from "react";
import { api } from "../../api/calls.ts";
import { useSync } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { t } from "../../i18n/words.ts";
import { shortDate } from "../../lib/time.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Area, Field } from "../../ui/field.tsx";
import { Problem } from "../../ui/missing.tsx";
import { Section } from "./section.tsx";

export function About({ conversation }: { conversation: Conversation }) {
  const [isEditing, setIsEditing] = useState(false);
  const { description, created_at, archived_at, kind } = conversation.summary;
  const mayChange = decides(conversation) && archived_at === null;
  if (isEditing) return <Change conversation={conversation} onDone={() => setIsEditing(false)} />;
  return (
    <Section
      title={t("members.about")}
      button={
        mayChange && (
          <IconButton
            icon={Pencil}
            size={18}
            label={t("members.about-edit")}
            tip="left"
            onClick={() => setIsEditing(true)}
          />
        )
      }
    >
      <p className="panel-text" dir="auto">
        {description || t(kind === "general" ? "members.about-general" : "members.about-none")}
      </p>
      {kind === "room" && <p className="panel-note">{datesOf(created_at, archived_at)}</p>}
    </Section>
  );
}

function datesOf(created: string, archived: string | null): string {
  const made = shortDate(created);
  if (archived === null) return t("members.made", { date: made });
  return t("members.made-archived", { made, archived: shortDate(archived) });
}

function Change({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const sync = useSync();
  const { id, name, description } = conversation.summary;
  const { busy, onSubmit, errorOf, errorBeside } = useSubmit(async (form) => {
    const change = { name: textOf(form, "name"), description: textOf(form, "description") };
    sync.take({ type: "details", details: await api.updateConversation(id, change) });
    onDone();
  });
  const problem = errorBeside("name", "description");
  return (
    <Section title={t("members.about")}>
      <form className="stack" onSubmit={onSubmit}>
        <Problem>{problem}</Problem>
        <Field
          label={t("members.name")}
          name="name"
          required
          maxLength={80}
          defaultValue={name ?? ""}
          autoComplete="off"
          autoFocus
          error={errorOf("name")}
        />
        <Area
          label={t("members.description")}
          name="description"
          maxLength={500}
          defaultValue={description}
          error={errorOf("description")}
        />
        <div className="dialog-foot">
          <Button onClick={onDone}>{t("ui.cancel")}</Button>
          <Button look="strong" type="submit" busy={busy}>
            {t("members.save")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

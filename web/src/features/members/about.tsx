// A room's name and description, which the owner and the moderators change where they stand.
import { Pencil } from "lucide-react";
import { useState } from "react";
import { api } from "../../api/calls.ts";
import { useSync } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { shortDate } from "../../lib/time.ts";
import { type Conversation, decides } from "../../sync/state.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Area, Field } from "../../ui/field.tsx";
import { Section } from "./details.tsx";

export function About({ conversation }: { conversation: Conversation }) {
  const [isEditing, setIsEditing] = useState(false);
  const { description, created_at, archived_at, kind } = conversation.summary;
  const mayChange = decides(conversation) && archived_at === null;
  if (isEditing) return <Change conversation={conversation} onDone={() => setIsEditing(false)} />;
  return (
    <Section
      title="About"
      button={
        mayChange && (
          <IconButton
            icon={Pencil}
            size={18}
            label="Change name and description"
            tip="left"
            onClick={() => setIsEditing(true)}
          />
        )
      }
    >
      <p className="panel-text">
        {description || (kind === "general" ? "Everyone is here." : "No description yet.")}
      </p>
      <p className="panel-note">
        {kind === "room" && `Made on ${shortDate(created_at)}.`}
        {archived_at && ` Archived on ${shortDate(archived_at)}.`}
      </p>
    </Section>
  );
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
    <Section title="About">
      <form className="stack" onSubmit={onSubmit}>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <Field
          label="Name"
          name="name"
          required
          maxLength={80}
          defaultValue={name ?? ""}
          autoComplete="off"
          autoFocus
          error={errorOf("name")}
        />
        <Area
          label="Description"
          name="description"
          maxLength={500}
          defaultValue={description}
          error={errorOf("description")}
        />
        <div className="dialog-foot">
          <Button onClick={onDone}>Cancel</Button>
          <Button look="strong" type="submit" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </Section>
  );
}

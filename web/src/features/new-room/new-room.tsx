// Making a room: its name, and then at once the link with which others come in.
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../../api/calls.ts";
import type { CreatedConversation } from "../../api/types.ts";
import { useSync } from "../../app/session.tsx";
import { textOf, useSubmit } from "../../app/use-submit.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Area, Field } from "../../ui/field.tsx";
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
      <Dialog title={`${made.conversation.name} is ready`} onClose={onClose}>
        <p>
          Send this link to the people you want there. Whoever follows it asks to join, and you let them in.
          The link is shown only now; you can make another one at any time.
        </p>
        {made.invite?.url && <InviteLink url={made.invite.url} isFirst />}
        <div className="dialog-foot">
          <Button look="strong" onClick={onClose}>
            Go to the room
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="A new room" onClose={onClose}>
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
          autoComplete="off"
          autoFocus
          error={errorOf("name")}
        />
        <Area
          label="What it is about (if you like)"
          name="description"
          maxLength={500}
          hint="Whoever has an invite sees the name and this, nothing else."
          error={errorOf("description")}
        />
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="strong" type="submit" busy={busy}>
            Make the room
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

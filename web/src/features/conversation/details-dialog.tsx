// The dialogs about one message.
import { type Key, t } from "../../i18n/words.ts";
import { Dialog } from "../../ui/dialog.tsx";
import type { Detail, DetailsProps } from "./details.tsx";
import { EditList } from "./edit-list.tsx";
import { ReactionList } from "./reaction-list.tsx";
import { ReaderList } from "./reader-list.tsx";
import "./details.css";

const TITLES: Readonly<Record<Detail, Key>> = {
  reactions: "conversation.reactions",
  readers: "conversation.readers",
  edits: "conversation.edits",
};

export function DetailsDialog(props: DetailsProps) {
  return (
    <Dialog title={t(TITLES[props.detail])} onClose={props.onClose}>
      {props.detail === "reactions" && <ReactionList {...props} />}
      {props.detail === "readers" && <ReaderList {...props} />}
      {props.detail === "edits" && <EditList {...props} />}
    </Dialog>
  );
}

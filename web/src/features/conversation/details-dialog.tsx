// The dialogs about one message.
import { Dialog } from "../../ui/dialog.tsx";
import type { Detail, DetailsProps } from "./details.tsx";
import { EditList } from "./edit-list.tsx";
import { ReactionList } from "./reaction-list.tsx";
import { ReaderList } from "./reader-list.tsx";
import "./details.css";

const TITLES: Readonly<Record<Detail, string>> = {
  reactions: "Reactions",
  readers: "Read by",
  edits: "Earlier texts",
};

export function DetailsDialog(props: DetailsProps) {
  return (
    <Dialog title={TITLES[props.detail]} onClose={props.onClose}>
      {props.detail === "reactions" && <ReactionList {...props} />}
      {props.detail === "readers" && <ReaderList {...props} />}
      {props.detail === "edits" && <EditList {...props} />}
    </Dialog>
  );
}

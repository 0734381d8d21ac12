import { Copy, EllipsisVertical, LogOut, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button, IconButton } from "../src/ui/button.tsx";
import { Dialog } from "../src/ui/dialog.tsx";
import { Field } from "../src/ui/field.tsx";
import { Menu, type MenuItem } from "../src/ui/menu.tsx";
import { Panel } from "../src/ui/panel.tsx";
import { Popover } from "../src/ui/popover.tsx";
import { notify, offer, offerUndo } from "../src/ui/toasts.tsx";
import { LONG, nothing, Specimen, Wall } from "./specimen.tsx";

const ITEMS: readonly MenuItem[] = [
  { id: "copy", label: "Copy", icon: Copy, shortcut: "Ctrl+C", perform: () => notify("Copied.") },
  { id: "correct", label: "Correct", icon: Pencil, perform: nothing },
  { id: "leave", label: "Leave", icon: LogOut, perform: nothing },
  { id: "throw", label: "Throw away", icon: Trash2, danger: true, perform: nothing },
];

export function Layers() {
  return (
    <Wall title="What opens">
      <Specimen name="Menu">
        <Opener
          open={(under, close) => <Menu label="Letter" place={{ under }} items={ITEMS} onClose={close} />}
        >
          {(props) => <IconButton icon={EllipsisVertical} label="Menu" aria-haspopup="menu" {...props} />}
        </Opener>
      </Specimen>
      <Specimen name="Dialog">
        <Opener
          open={(_, close) => (
            <Dialog title="A new letter" onClose={close}>
              <Field label="To whom" autoFocus />
              <p>{LONG}.</p>
              <div className="dialog-foot">
                <Button onClick={close}>Cancel</Button>
                <Button look="strong" onClick={close}>
                  Write
                </Button>
              </div>
            </Dialog>
          )}
        >
          {(props) => (
            <Button aria-haspopup="dialog" {...props}>
              Dialog
            </Button>
          )}
        </Opener>
      </Specimen>
      <Specimen name="Panel">
        <Opener
          open={(under, close) => (
            <Panel label="Drawer" place={{ under }} onClose={close}>
              <div className="gallery-drawer">
                <p>{LONG}.</p>
                <Button onClick={close}>Shut it</Button>
              </div>
            </Panel>
          )}
        >
          {(props) => (
            <Button aria-haspopup="dialog" {...props}>
              Panel
            </Button>
          )}
        </Opener>
      </Specimen>
      <Specimen name="Popover">
        <Opener
          open={(under, close) => (
            <Popover label="Who was here" place={{ under }} onClose={close}>
              <p>{LONG}.</p>
              <Button onClick={close}>Thanks</Button>
            </Popover>
          )}
        >
          {(props) => (
            <Button aria-haspopup="dialog" {...props}>
              Popover
            </Button>
          )}
        </Opener>
      </Specimen>
      <Specimen name="Toast">
        <Button onClick={() => notify("The letter is in the box.")}>Tell</Button>
        <Button onClick={() => notify(`It did not work: ${LONG}.`, true)}>Tell an error</Button>
        <Button onClick={() => offer("There is a new letter.", { label: "Read", perform: nothing })}>
          Offer
        </Button>
        <Button
          onClick={() =>
            offerUndo("The letter is burnt.", { label: "Undo", perform: nothing, settle: nothing })
          }
        >
          Offer to undo
        </Button>
      </Specimen>
    </Wall>
  );
}

interface OpenerProps {
  children: (props: { "aria-expanded": boolean; onClick: (event: Event) => void }) => ReactNode;
  open: (under: HTMLElement, close: () => void) => ReactNode;
}

type Event = React.MouseEvent<HTMLButtonElement>;

function Opener({ children, open }: OpenerProps) {
  const [under, setUnder] = useState<HTMLElement | null>(null);
  const close = useRef(() => setUnder(null));
  return (
    <>
      {children({
        "aria-expanded": under !== null,
        onClick: ({ currentTarget }) => setUnder(currentTarget),
      })}
      {under && open(under, close.current)}
    </>
  );
}

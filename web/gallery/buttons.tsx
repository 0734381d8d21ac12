import { Bell, Copy, Trash2, UserPlus } from "lucide-react";
import { Button, IconButton } from "../src/ui/button.tsx";
import { LONG, LONG_WORD, Specimen, Wall } from "./specimen.tsx";

const LOOKS = ["strong", "plain", "quiet", "danger"] as const;

export function Buttons() {
  return (
    <Wall title="Buttons">
      {LOOKS.map((look) => (
        <Specimen key={look} name={`Button ${look}`}>
          <Button look={look}>Keep it</Button>
          <Button look={look} icon={look === "danger" ? Trash2 : Copy}>
            With a picture
          </Button>
          <Button look={look} busy>
            Busy
          </Button>
          <Button look={look} disabled>
            Disabled
          </Button>
        </Specimen>
      ))}
      <Specimen name="Button with long text">
        <Button look="strong" icon={UserPlus}>
          {LONG}
        </Button>
        <Button>{LONG_WORD}</Button>
      </Specimen>
      <Specimen name="Icon button">
        <IconButton icon={Bell} label="Notices" shortcut="Ctrl+B" />
        <IconButton icon={Bell} label="Pressed" aria-pressed />
        <IconButton icon={Bell} label="Above" tip="above" />
        <IconButton icon={Bell} label="Beside" tip="left" />
        <IconButton icon={Bell} label="Disabled" disabled />
      </Specimen>
    </Wall>
  );
}

// Where the keys are told.
import { Keyboard } from "lucide-react";
import { useDialogs } from "../../app/dialogs.ts";
import { Button } from "../../ui/button.tsx";

export function Keys() {
  const dialogs = useDialogs();
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">Keyboard</h2>
      <p className="panel-text">
        Everything here can be done with keys. Ctrl+/ shows them wherever you are, and a question mark where
        nothing is being written.
      </p>
      <div>
        <Button icon={Keyboard} onClick={() => dialogs.open("shortcuts")}>
          Keyboard shortcuts
        </Button>
      </div>
    </section>
  );
}

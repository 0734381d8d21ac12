// What Enter does while one writes.
import { useState } from "react";
import { type EnterKey, enterKey, keepEnterKey } from "../../app/enter-key.ts";
import { Choice } from "../../ui/field.tsx";

export function WritingChoice() {
  const [choice, setChoice] = useState<EnterKey>(enterKey);
  return (
    <section aria-labelledby="writing">
      <h2 id="writing">Writing</h2>
      <Choice
        label="The Enter key"
        hint={
          choice === "send"
            ? "Shift+Enter makes a line. Inside a block of code Enter makes a line too, and Ctrl+Enter sends."
            : "Ctrl+Enter sends."
        }
        value={choice}
        onChange={(next) => {
          setChoice(next);
          keepEnterKey(next);
        }}
        choices={[
          { value: "send", label: "Sends" },
          { value: "line", label: "Makes a line" },
        ]}
      />
    </section>
  );
}

// The list of suggestions above the box. The box keeps the focus; the list says what is chosen.
import { Hash, Slash } from "lucide-react";
import { hueOf, initials } from "../../lib/names.ts";
import { Avatar } from "../../ui/avatar.tsx";
import type { Suggestion } from "./completion.ts";
import type { Completion } from "./use-completion.ts";

export function CompletionList({ completion }: { completion: Completion }) {
  const { id, label, found, current, pick } = completion;
  return (
    <div className="suggestions" id={id} role="listbox" aria-label={label}>
      {found.map((suggestion) => (
        <div
          key={suggestion.key}
          id={`${id}-${suggestion.key}`}
          role="option"
          tabIndex={-1}
          aria-selected={suggestion === current}
          className={suggestion === current ? "row on" : "row"}
          // Before the box loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            pick(suggestion);
          }}
        >
          <Sign suggestion={suggestion} />
          <span className="row-name">
            <bdi>{suggestion.name}</bdi> <small dir="auto">{suggestion.note}</small>
          </span>
        </div>
      ))}
    </div>
  );
}

function Sign({ suggestion: { sign, name } }: { suggestion: Suggestion }) {
  switch (sign.kind) {
    case "person":
      return <Avatar initials={initials(name)} hue={hueOf(sign.id)} />;
    case "emoji":
      return (
        <span className="suggestion-sign emoji-sign" aria-hidden="true">
          {sign.char}
        </span>
      );
    case "room":
    case "command": {
      const Icon = sign.kind === "room" ? Hash : Slash;
      return (
        <span className="suggestion-sign">
          <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
        </span>
      );
    }
  }
}

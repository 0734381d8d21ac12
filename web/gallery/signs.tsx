import { Inbox, Plus } from "lucide-react";
import { Avatar } from "../src/ui/avatar.tsx";
import { Badge, shorten } from "../src/ui/badge.tsx";
import { Button } from "../src/ui/button.tsx";
import { Empty } from "../src/ui/empty.tsx";
import { Mark } from "../src/ui/mark.tsx";
import { Notice, Skeleton } from "../src/ui/skeleton.tsx";
import { Spinner } from "../src/ui/spinner.tsx";
import { Tabs } from "../src/ui/tabs.tsx";
import { Held, LONG, nothing, Specimen, Wall } from "./specimen.tsx";

/** Around the wheel, so that the letters are read on each. */
const HUES = [0, 45, 90, 135, 180, 225, 270, 315];

export function Signs() {
  return (
    <Wall title="Signs and places">
      <Specimen name="Tabs">
        <Held initial="in">
          {(value: string, change) => (
            <Tabs
              label="Letters"
              value={value}
              onChange={change}
              tabs={[
                { value: "in", label: "In", note: <Badge shown="3" words=", 3 unread" /> },
                { value: "out", label: "Out" },
                { value: "kept", label: "Kept for ever" },
              ]}
            >
              <p>Here is what belongs to “{value}”.</p>
            </Tabs>
          )}
        </Held>
      </Specimen>
      <Specimen name="Badge">
        <Badge shown="1" words="1 new" />
        <Badge shown={shorten(1200)} words="1,200 new" />
        <Badge shown="@2" words="2 for you" wants />
      </Specimen>
      <Specimen name="Avatar">
        {HUES.map((hue) => (
          <Avatar key={hue} initials="Ab" hue={hue} />
        ))}
        <Avatar initials="CD" hue={20} size="large" dot="filled" />
        <Avatar initials="EF" hue={200} size="large" dot="hollow" />
        <Avatar initials="" hue={90} size="large" />
      </Specimen>
      <Specimen name="Mark">
        <Mark size={16} />
        <Mark />
        <Mark size={64} />
      </Specimen>
      <Specimen name="Spinner">
        <Spinner label="Opening the box" />
      </Specimen>
      <Specimen name="Skeleton">
        <Skeleton label="Opening the box" rows={3} round />
      </Specimen>
      <Specimen name="Empty">
        <Empty
          icon={Inbox}
          text="No letters yet. Write the first one."
          action={{ label: "Write", icon: Plus, perform: nothing }}
        />
      </Specimen>
      <Specimen name="Notice">
        <Notice title="The box cannot be opened">
          <p>{LONG}.</p>
          <Button look="strong">Try again</Button>
        </Notice>
      </Specimen>
    </Wall>
  );
}

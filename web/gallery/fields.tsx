import { Moon, Sun } from "lucide-react";
import { Check } from "../src/ui/check.tsx";
import { Area, Choice, Field } from "../src/ui/field.tsx";
import { Segmented } from "../src/ui/segmented.tsx";
import { Select } from "../src/ui/select.tsx";
import { ARABIC, Held, LONG, LONG_WORD, Specimen, Wall } from "./specimen.tsx";

const TIMES = [
  { value: "day", label: "Every day" },
  { value: "week", label: "Every week" },
  { value: "never", label: "Never" },
] as const;

export function Fields() {
  return (
    <Wall title="Fields">
      <Specimen name="Field">
        <Field label="Name" hint="As it stands on the door." placeholder="Nothing yet" />
      </Specimen>
      <Specimen name="Field with an error">
        <Field label="Street" defaultValue={LONG_WORD} error={`${LONG}.`} />
      </Specimen>
      <Specimen name="Field disabled">
        <Field label="Number" defaultValue="12" disabled />
      </Specimen>
      <Specimen name="Field of many lines">
        <Area label="Notes" hint="Kept on this device." defaultValue={"One line\nand another"} />
      </Specimen>
      <Specimen name="Select">
        <Held initial="week">
          {(value: string, change) => (
            <Select
              label="How often"
              hint="Changes at once."
              value={value}
              choices={TIMES}
              onChange={change}
            />
          )}
        </Held>
        <Select
          label="Disabled"
          disabled
          value="only"
          choices={[{ value: "only", label: LONG }]}
          onChange={() => {}}
        />
        <Held initial="day">
          {(value: string, change) => (
            <Select
              label="Wrong"
              error="Choose another one."
              value={value}
              choices={TIMES}
              onChange={change}
            />
          )}
        </Held>
      </Specimen>
      <Specimen name="Choice">
        <Held initial="day">
          {(value: string, change) => (
            <Choice label="Remind me" hint="One of a few." value={value} choices={TIMES} onChange={change} />
          )}
        </Held>
      </Specimen>
      <Specimen name="Segmented">
        <Held initial="light">
          {(value: string, change) => (
            <Segmented
              label="Light in the hall"
              value={value}
              onChange={change}
              choices={[
                { value: "light", label: "Day", icon: Sun },
                { value: "dark", label: "Night", icon: Moon },
                { value: "never", label: "Off" },
              ]}
            />
          )}
        </Held>
        <Held initial="a">
          {(value: string, change) => (
            <Segmented
              label="Long words"
              value={value}
              onChange={change}
              choices={[
                { value: "a", label: LONG },
                { value: "b", label: "Short" },
              ]}
            />
          )}
        </Held>
        <Segmented label="Disabled" disabled value="day" choices={TIMES} onChange={() => {}} />
      </Specimen>
      <Specimen name="Check">
        <Held initial={true}>
          {(value, change) => (
            <Check label="Ring the bell" hint="Only by day." value={value} onChange={change} />
          )}
        </Held>
        <Held initial={false}>
          {(value, change) => <Check label={LONG} value={value} onChange={change} />}
        </Held>
      </Specimen>
      <Specimen name="Right to left">
        <div dir="rtl" lang="ar" data-by-machine="">
          <Field label={ARABIC} hint={ARABIC} defaultValue={ARABIC} />
        </div>
      </Specimen>
    </Wall>
  );
}

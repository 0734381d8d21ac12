// Every component in every state, for people to look at and for tests to measure. How it is dressed stands in the address:
// `?theme=light|dark&contrast=more&dir=rtl`.
import "@fontsource-variable/fraunces/index.css";
import "../src/styles/tokens.css";
import "../src/styles/base.css";
import "./gallery.css";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { speak } from "../src/i18n/words.ts";
import { LiveRegion } from "../src/ui/live.tsx";
import { Mark } from "../src/ui/mark.tsx";
import { Segmented } from "../src/ui/segmented.tsx";
import { Tips } from "../src/ui/tips.tsx";
import { Toasts } from "../src/ui/toasts.tsx";
import { Buttons } from "./buttons.tsx";
import { Fields } from "./fields.tsx";
import { Layers } from "./layers.tsx";
import { Signs } from "./signs.tsx";

const address = new URLSearchParams(location.search);

/** Dresses the page by the address, and keeps the address as the page is dressed. */
function dress(name: "theme" | "contrast" | "dir", value: string): void {
  const root = document.documentElement;
  if (name === "dir") root.dir = value === "rtl" ? "rtl" : "ltr";
  else if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  if (value) address.set(name, value);
  else address.delete(name);
  history.replaceState(null, "", `?${address}`);
}

for (const name of ["theme", "contrast", "dir"] as const) dress(name, address.get(name) ?? "");

function Gallery() {
  return (
    <>
      <header className="gallery-head">
        <Mark />
        <h1>Gallery</h1>
        <Dress name="theme" label="Theme" choices={{ "": "As the system", light: "Light", dark: "Dark" }} />
        <Dress name="contrast" label="Contrast" choices={{ "": "As the system", more: "More" }} />
        <Dress name="dir" label="Writing" choices={{ "": "Left to right", rtl: "Right to left" }} />
      </header>
      <main className="gallery">
        <Buttons />
        <Fields />
        <Layers />
        <Signs />
      </main>
      <LiveRegion />
      <Tips />
      <Toasts />
    </>
  );
}

interface DressProps {
  name: "theme" | "contrast" | "dir";
  label: string;
  choices: Record<string, string>;
}

function Dress({ name, label, choices }: DressProps) {
  const [value, setValue] = useState(address.get(name) ?? "");
  return (
    <Segmented
      label={label}
      isLabelHidden
      value={value}
      choices={Object.entries(choices).map(([value, label]) => ({ value, label }))}
      onChange={(next) => {
        setValue(next);
        dress(name, next);
      }}
    />
  );
}

await speak("en");
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <Gallery />
    </StrictMode>,
  );

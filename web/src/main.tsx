// Starts the client, once there are words to show it with.
import "@fontsource-variable/fraunces/index.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { startWords } from "./i18n/words.ts";

const root = document.getElementById("root");
if (root) {
  startWords().then(
    () => createRoot(root).render(<App />),
    // The one sentence that cannot stand among the words.
    () => root.append("Parlor could not be loaded. Load this page again when there is a connection."),
  );
}

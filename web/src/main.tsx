// Starts the client, once there are words to show it with.
import "@fontsource-variable/fraunces/index.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/looks.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { followLooks } from "./app/look.ts";
import { startWorker } from "./app/worker.ts";
import { startWords } from "./i18n/words.ts";

const WORKER_AFTER_MS = 2_000;

followLooks();
const root = document.getElementById("root");
if (root) {
  startWords().then(
    () => {
      createRoot(root).render(<App />);
      // What it fetches must not be in the way of the page.
      if (import.meta.env.PROD) setTimeout(startWorker, WORKER_AFTER_MS);
    },
    // The one sentence that cannot stand among the words.
    () => root.append("Parlor could not be loaded. Load this page again when there is a connection."),
  );
}

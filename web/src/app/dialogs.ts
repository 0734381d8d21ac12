// The dialogs that can be opened from several places.
import { createContext, useContext } from "react";

export type OpenDialog = "finder" | "new-room" | "shortcuts" | { notificationsOf: number };

export const DialogsContext = createContext<{ open: (dialog: OpenDialog) => void }>({ open: () => {} });

export function useDialogs() {
  return useContext(DialogsContext);
}

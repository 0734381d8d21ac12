// Whose card is open, and the box into which a card can put a name.
import { createContext, type RefObject, useContext, useEffect, useRef } from "react";
import type { Author } from "../api/types.ts";

export interface OpenProfile {
  account: Author;
  /** The conversation in which one asks; `null`: elsewhere. */
  conversation: number | null;
  /** What the card belongs to. */
  under: HTMLElement;
}

export interface Profiles {
  open: (profile: OpenProfile) => void;
  /** Writes into the box of the conversation on the screen, where there is one. */
  box: RefObject<((text: string) => void) | null>;
}

export const ProfilesContext = createContext<Profiles>({ open: () => {}, box: { current: null } });

export function useProfiles(): Profiles {
  return useContext(ProfilesContext);
}

/** Makes this the box into which cards write. */
export function useProfileBox(write: (text: string) => void): void {
  const { box } = useProfiles();
  const latest = useRef(write);
  latest.current = write;
  useEffect(() => {
    const mine = (text: string) => latest.current(text);
    box.current = mine;
    return () => {
      if (box.current === mine) box.current = null;
    };
  }, [box]);
}

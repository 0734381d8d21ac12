// What stands between the tags of a message in most places: a name that stands out, a text that runs its own way, words for
// those who hear the page.
import type { ReactNode } from "react";

/** A name or a title in bold, whichever way it is written. */
export const bold = (words: ReactNode) => <b>{isolated(words)}</b>;

/** What somebody wrote: it may run the other way than the words around it. */
export const isolated = (words: ReactNode) => <bdi>{words}</bdi>;

/** Said by screen readers only. */
export const hidden = (words: ReactNode) => <span className="hidden-text">{words}</span>;

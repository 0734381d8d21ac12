// Beginning with a kept copy: what was missed comes a moment after what is shown.
import { useEffect, useState } from "react";
import { useCopy } from "../../app/copy.ts";
import { type Conversation, isBehind } from "../../sync/state.ts";

export interface Arrival {
  /** What was missed before this log was opened is here. It stays so. */
  hasArrived: boolean;
  /** It is coming in: whatever stands in view meanwhile has not been read. */
  isComing: boolean;
}

export function useArrival(conversation: Conversation): Arrival {
  const isReady = useCopy((state) => state.ready);
  const isHere = isReady && !conversation.resuming && !isBehind(conversation);
  const [wasHere, setWasHere] = useState(isHere);
  if (isHere && !wasHere) setWasHere(true);
  const hasArrived = wasHere || isHere;
  // One step later, when the log stands where it is meant to.
  const [hasSettled, setHasSettled] = useState(hasArrived);
  useEffect(() => setHasSettled(hasArrived), [hasArrived]);
  return { hasArrived, isComing: isReady && !hasSettled };
}

/** Shorter than the pause of somebody who looks at what is typed, longer than that between two letters. */
export const PAUSE_MS = 180;

/** Asks once typing has paused. Gives what calls it off, as an effect does: from then on no answer is told. */
export function afterPause<Answer>(
  ask: () => Promise<Answer>,
  onAnswer: (answer: Answer) => void,
  onError: (error: unknown) => void = () => {},
): () => void {
  let isCurrent = true;
  const timer = setTimeout(() => {
    ask().then(
      (answer) => isCurrent && onAnswer(answer),
      (error) => isCurrent && onError(error),
    );
  }, PAUSE_MS);
  return () => {
    isCurrent = false;
    clearTimeout(timer);
  };
}

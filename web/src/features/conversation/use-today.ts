// Has the log drawn again when a day begins: "Today" is "Yesterday" then.
import { useMoment } from "../../app/use-moment.ts";
import { tomorrowAt } from "../../lib/time.ts";

export function useToday(): void {
  useMoment(tomorrowAt(Date.now(), 0));
}

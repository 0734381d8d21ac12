// Has the server store what I set for a conversation: for each conversation one after the other, because the last thing that
// I asked for is what holds.
import type { PreferencesChange } from "../api/types.ts";
import type { Input } from "./inputs.ts";
import type { SyncApi } from "./requests.ts";

export function createPreferring(api: SyncApi, dispatch: (input: Input) => void) {
  const last = new Map<number, Promise<void>>();
  let wishes = 0;

  async function ask(conversation: number, change: PreferencesChange, wish: number): Promise<void> {
    let preferences = null;
    try {
      preferences = await api.updatePreferences(conversation, change);
    } finally {
      dispatch({ type: "wish_answered", conversation, wish, preferences });
    }
  }

  return (conversation: number, change: PreferencesChange): Promise<void> => {
    wishes += 1;
    const wish = { id: wishes, change };
    dispatch({ type: "wish", conversation, wish });
    const before = last.get(conversation) ?? Promise.resolve();
    const asked = before.catch(() => {}).then(() => ask(conversation, change, wish.id));
    last.set(conversation, asked);
    return asked;
  };
}

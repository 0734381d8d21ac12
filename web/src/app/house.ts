// What the actions that work everywhere are done to, and with.
import { useMemo } from "react";
import { useLocation } from "wouter";
import type { Context, HouseTarget } from "../actions/action.ts";
import { useConfirm } from "./confirm.tsx";
import { useMe } from "./copy.ts";
import { useDialogs } from "./dialogs.ts";
import { useSync } from "./session.tsx";

/** `target` is for where the dialogs themselves are opened; elsewhere it is the nearest. */
export function useHouse(target?: HouseTarget): { target: HouseTarget; context: Context } {
  const sync = useSync();
  const me = useMe();
  const confirm = useConfirm();
  const dialogs = useDialogs();
  const [, go] = useLocation();
  return useMemo(
    () => ({ target: target ?? dialogs, context: { sync, me, confirm, go, composer: null } }),
    [target, dialogs, sync, me, confirm, go],
  );
}

// Parts of the page that are not needed at once. Each is loaded when it is wanted, or before that when nothing else goes
// on, and then stands there without a wait. One that did not come may not come before the page is loaded again: there are
// browsers that remember a module that failed for as long as there is the page (HTML standard, "fetch a single module script").
import { type ComponentType, type FunctionComponent, useEffect, useState } from "react";
import { t } from "../i18n/words.ts";
import { Button } from "../ui/button.tsx";
import { Notice, Skeleton } from "../ui/skeleton.tsx";
import { offer } from "../ui/toasts.tsx";
import { loadNewest } from "./worker.ts";

type Load<Props> = () => Promise<ComponentType<Props>>;

interface Part<Props> {
  /** `null` until it is loaded. */
  now: ComponentType<Props> | null;
  /** Rejects without a network, or where the server has newer parts. */
  load: () => Promise<void>;
}

const parts: Part<never>[] = [];

function partOf<Props>(load: Load<Props>): Part<Props> {
  const part: Part<Props> = {
    now: null,
    load: async () => {
      part.now ??= await load();
    },
  };
  parts.push(part as Part<never>);
  return part;
}

/** Loads all parts, so that they are there without a network later. */
export function loadParts(): void {
  for (const part of parts) part.load().catch(() => {});
}

/** A place on the page, or a page of its own. */
export function laterPage<Props extends object>(load: Load<Props>): FunctionComponent<Props> {
  const part = partOf(load);
  return function LaterPage(props: Props) {
    const { Loaded, hasFailed } = usePart(part);
    if (Loaded) return <Loaded {...props} />;
    if (!hasFailed) return <Skeleton label={t("app.loading-part")} rows={6} />;
    return (
      <Notice title={t("app.part-missing")}>
        <p>{t("app.part-missing-text")}</p>
        <Button onClick={loadNewest}>{t("app.reload")}</Button>
      </Notice>
    );
  };
}

/** Something above the page, which closes again if it cannot be loaded. `load` has it loaded before it is wanted. */
export function laterDialog<Props extends { onClose: () => void }>(
  load: Load<Props>,
): FunctionComponent<Props> & { load: () => Promise<void> } {
  const part = partOf(load);
  function LaterDialog(props: Props) {
    const { Loaded, hasFailed } = usePart(part);
    const { onClose } = props;
    useEffect(() => {
      if (!hasFailed) return;
      onClose();
      offer(t("app.dialog-missing"), { label: t("app.reload"), perform: loadNewest });
    }, [hasFailed, onClose]);
    return Loaded && <Loaded {...props} />;
  }
  return Object.assign(LaterDialog, { load: part.load });
}

function usePart<Props>(part: Part<Props>) {
  const [hasEnded, setHasEnded] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    const end = () => isCurrent && setHasEnded(true);
    // Also where it is there already: it may have come after this was drawn without it.
    part.load().then(end, end);
    return () => {
      isCurrent = false;
    };
  }, [part]);
  return { Loaded: part.now, hasFailed: hasEnded && part.now === null };
}

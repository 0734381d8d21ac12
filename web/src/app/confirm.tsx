// Asks before something that cannot be taken back.
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { t } from "../i18n/words.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

export interface Question {
  title: string;
  text: string;
  /** The word on the button that does it. */
  action: string;
  danger?: boolean;
}

export type Confirm = (question: Question) => Promise<boolean>;

const ConfirmContext = createContext<Confirm>(async () => false);

export function useConfirm(): Confirm {
  return useContext(ConfirmContext);
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const confirm = useCallback<Confirm>((question) => {
    return new Promise((answer) => setOpen({ question, answer }));
  }, []);
  const close = (yes: boolean) => {
    open?.answer(yes);
    setOpen(null);
  };
  return (
    <ConfirmContext value={confirm}>
      {children}
      {open && (
        <Dialog title={open.question.title} onClose={() => close(false)}>
          <p>{open.question.text}</p>
          <div className="dialog-foot">
            <Button onClick={() => close(false)} autoFocus>
              {t("ui.cancel")}
            </Button>
            <Button look={open.question.danger ? "danger" : "strong"} onClick={() => close(true)}>
              {open.question.action}
            </Button>
          </div>
        </Dialog>
      )}
    </ConfirmContext>
  );
}

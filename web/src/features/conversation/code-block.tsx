// Code in a box of its own: the language named, a button that copies it, colours when they have come. The box scrolls
// sideways by itself; colours change nothing about its size.
import { Check, Copy } from "lucide-react";
import { memo, type RefObject, useEffect, useRef, useState } from "react";
import { explain } from "../../actions/action.ts";
import { copyText } from "../../actions/clipboard.ts";
import { t, useLanguage } from "../../i18n/words.ts";
import { IconButton } from "../../ui/button.tsx";
import { announce } from "../../ui/live.tsx";
import { notify } from "../../ui/toasts.tsx";
import { nameOfLanguage, type Shade, useShades } from "./highlight.ts";

export interface CodeBlockProps {
  /** As it was typed; empty: none. */
  language: string;
  text: string;
  /** Whether the button is a stop of the Tab key. */
  isActive: boolean;
}

const COPIED_MS = 2_000;

export const CodeBlock = memo(function CodeBlock({ language, text, isActive }: CodeBlockProps) {
  useLanguage();
  const name = nameOfLanguage(language);
  const shades = useShades(language, text);
  const box = useRef<HTMLPreElement>(null);
  const isWide = useIsWide(box, text);
  return (
    <figure
      className="code-block"
      aria-label={name ? t("conversation.code-in", { language: name }) : t("conversation.code")}
    >
      <figcaption>
        <span>{name || t("conversation.code")}</span>
        <CopyButton text={text} isActive={isActive} />
      </figcaption>
      {/* What scrolls must scroll by keys too, so it is a stop of the Tab key whenever it does. */}
      <pre ref={box} tabIndex={isWide ? 0 : undefined} dir="ltr">
        <code>{shades ? coloured(shades) : text}</code>
      </pre>
    </figure>
  );
});

/** Whether the code is wider than its box, which changes with the window. */
function useIsWide(box: RefObject<HTMLElement | null>, text: string): boolean {
  const [isWide, setIsWide] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other code has another width.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setIsWide(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, text]);
  return isWide;
}

function coloured(shades: readonly Shade[]) {
  return shades.map(({ look, text }, index) =>
    look === null ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one code never change places.
      <span key={index} className={look}>
        {text}
      </span>
    ),
  );
}

function CopyButton({ text, isActive }: { text: string; isActive: boolean }) {
  const [isCopied, setIsCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  async function copy(): Promise<void> {
    try {
      await copyText(text);
      setIsCopied(true);
      announce(t("conversation.copied"));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setIsCopied(false), COPIED_MS);
    } catch (error) {
      notify(explain(error), true);
    }
  }
  return (
    <IconButton
      icon={isCopied ? Check : Copy}
      size={16}
      label={t(isCopied ? "conversation.copied" : "conversation.copy-code")}
      tip="left"
      tabIndex={isActive ? 0 : -1}
      onClick={() => void copy()}
    />
  );
}

// The way back, at the head of a page.
import { ArrowLeft } from "lucide-react";
import { Link } from "wouter";

export interface BackLinkProps {
  href: string;
  label: string;
  /** Where there is room, the page that it leads to stands beside this one, and the way is not shown. */
  isBeside?: boolean;
}

export function BackLink({ href, label, isBeside = false }: BackLinkProps) {
  return (
    <Link href={href} className={isBeside ? "icon-button back" : "icon-button"} aria-label={label}>
      <ArrowLeft size={20} strokeWidth={1.75} aria-hidden="true" />
    </Link>
  );
}

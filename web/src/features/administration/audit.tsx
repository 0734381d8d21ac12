// What happened that matters for security, the newest first.
import { useCallback } from "react";
import { api } from "../../api/calls.ts";
import type { AuditEntry } from "../../api/types.ts";
import { useCopy, useNames } from "../../app/copy.ts";
import { bold } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import { clockTime, fullTime, shortDate } from "../../lib/time.ts";
import { Empty } from "../../ui/empty.tsx";
import { useAccountName } from "./account-names.ts";
import { sentenceOf } from "./audit-words.ts";
import { PageFoot } from "./page-foot.tsx";
import { usePages } from "./pages.ts";

/** Entries asked for at once. */
const PAGE_LEN = 50;

async function fetchPage(last: AuditEntry | null) {
  const page = await api.audit(last?.id ?? null, PAGE_LEN);
  return { items: page.entries, hasMore: page.has_more };
}

export function Audit() {
  const pages = usePages<AuditEntry>(useCallback(fetchPage, []));
  return (
    <>
      <ol className="audit" aria-label={t("administration.audit")}>
        {pages.items.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {pages.items.length === 0 && pages.hasMore === false && <Empty text={t("administration.audit-none")} />}
      <PageFoot pages={pages} loading={t("administration.audit-loading")} />
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const nameOf = useNames();
  const { says, account, conversation } = sentenceOf(entry);
  const whom = useAccountName(account);
  const place = useCopy((state) =>
    conversation === null ? null : state.conversations[conversation]?.summary.name,
  );
  const values = {
    who: entry.actor ? nameOf(entry.actor) : t("administration.server-itself"),
    whom: whom ?? t("administration.somebody"),
    place: place ?? t("administration.some-room"),
    action: entry.action,
    subject: entry.subject,
    details: entry.details,
  };
  return (
    <li>
      <span>
        <Rich id={says} values={values} parts={{ name: bold, place: bold }} />
      </span>
      <time dateTime={entry.at} title={fullTime(entry.at)}>
        {shortDate(entry.at)}, {clockTime(entry.at)}
      </time>
    </li>
  );
}

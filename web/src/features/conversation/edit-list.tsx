// What a message says and what it said before, the newest first.
import { useCallback } from "react";
import { api } from "../../api/calls.ts";
import { useLoaded } from "../../app/use-loaded.ts";
import { t } from "../../i18n/words.ts";
import { fullTime, momentName } from "../../lib/time.ts";
import { Missing } from "../../ui/missing.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Tag } from "../../ui/tag.tsx";
import type { DetailsProps } from "./details.tsx";

export function EditList({ message }: DetailsProps) {
  // A new edit makes another list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  const fetch = useCallback(() => api.edits(message.id), [message.id, message.edited_at]);
  const { value, error, load } = useLoaded(fetch);
  if (message.body === null) return <p>{t("conversation.edit-gone")}</p>;
  if (error) {
    return <Missing why={error} onRetry={() => void load()} />;
  }
  if (!value) return <Skeleton label={t("conversation.edit-loading")} rows={3} />;
  // An edit says when a text was replaced; it had stood since the one before.
  const since = [message.created_at, ...value.map((edit) => edit.edited_at)];
  const texts = [...value.map((edit) => edit.body), message.body];
  const versions = texts.map((body, index) => ({ body, at: since[index] ?? message.created_at })).reverse();
  return (
    <ol className="edit-list">
      {value.length === 0 && <p>{t("conversation.edit-none")}</p>}
      {versions.map(({ body, at }, index) => (
        <li key={at}>
          <time dateTime={at} title={fullTime(at)}>
            {momentName(at)}
          </time>
          {index === 0 && <Tag>{t("conversation.edit-now")}</Tag>}
          {index === versions.length - 1 && index > 0 && <Tag>{t("conversation.edit-first")}</Tag>}
          <p dir="auto">{body}</p>
        </li>
      ))}
    </ol>
  );
}

// The end of a list in pages: what is loading, what did not come, and the way to more.
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Missing } from "../../ui/missing.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { Pages } from "./pages.ts";

interface PageFootProps {
  pages: Omit<Pages<{ id: number }>, "replace">;
  /** What is said while the first page is on its way. */
  loading: string;
}

export function PageFoot({ pages: { items, hasMore, isLoading, error, loadMore }, loading }: PageFootProps) {
  if (error) {
    return <Missing why={error} isAsked={isLoading} onRetry={loadMore} />;
  }
  if (hasMore === null && items.length === 0) return <Skeleton label={loading} rows={6} round />;
  if (!hasMore) return null;
  return (
    <div className="administration-foot">
      <Button busy={isLoading} onClick={loadMore}>
        {t("administration.more")}
      </Button>
    </div>
  );
}

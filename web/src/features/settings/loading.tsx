// What stands in a section until what it shows has come, or when it did not come.
import type { Loaded } from "../../app/use-loaded.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

interface LoadingProps {
  of: Loaded<unknown>;
  label: string;
  rows: number;
}

export function Loading({ of: { value, error, load }, label, rows }: LoadingProps) {
  if (error) {
    return (
      <p className="problem">
        {error}{" "}
        <Button look="quiet" onClick={() => void load()}>
          {t("app.try-again")}
        </Button>
      </p>
    );
  }
  return value ? null : <Skeleton label={label} rows={rows} />;
}

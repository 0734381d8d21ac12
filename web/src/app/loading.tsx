// What stands in a section until what it shows has come, or when it did not come.
import { Missing } from "../ui/missing.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { Loaded } from "./use-loaded.ts";

interface LoadingProps {
  of: Loaded<unknown>;
  label: string;
  rows: number;
}

export function Loading({ of: { value, error, load }, label, rows }: LoadingProps) {
  if (error) {
    return <Missing why={error} onRetry={() => void load()} />;
  }
  return value ? null : <Skeleton label={label} rows={rows} />;
}

// The other services by which one can sign in, as people call them.
import type { Provider } from "../../api/types.ts";

export interface Service {
  provider: Provider;
  title: string;
  /** Where one begins to sign in by it. */
  path: string;
}

export const SERVICES: readonly Service[] = [{ provider: "github", title: "GitHub", path: "/github-login" }];

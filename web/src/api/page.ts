// The page itself, as the server has it now.

const TIMEOUT_MS = 10_000;
const SCRIPTS = /<script type="module"[^>]*? src="([^"]+)"/g;

/** The address of the last script of the server's page: it changes with every version of the client. `null`:
 * it cannot be told. */
export async function servedScript(): Promise<string | null> {
  try {
    const headers = { accept: "text/html" };
    const response = await fetch("/", {
      cache: "no-store",
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return null;
    return [...(await response.text()).matchAll(SCRIPTS)].at(-1)?.[1] ?? null;
  } catch {
    return null;
  }
}

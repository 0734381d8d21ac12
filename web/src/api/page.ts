// The page itself, as the server has it now.

const TIMEOUT_MS = 10_000;
const SCRIPT = /<script type="module"[^>]*? src="([^"]+)"/g;

/** The script of a page that changes with every version of the client. What stands before it, it needs; that may stay the
 * same. */
export function entryOf(html: string): string | null {
  return [...html.matchAll(SCRIPT)].at(-1)?.[1] ?? null;
}

/** The entry of the page that the server has. `null`: it cannot be told. */
export async function servedScript(): Promise<string | null> {
  try {
    const headers = { accept: "text/html" };
    const response = await fetch("/", {
      cache: "no-store",
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? entryOf(await response.text()) : null;
  } catch {
    return null;
  }
}

// The page itself, as the server has it now.

const TIMEOUT_MS = 10_000;
const ENTRY = /<script type="module"[^>]*? src="([^"]+)"/;

/** The address of the script that the server's page begins with: it changes with every version of the client. `null`:
 * it cannot be told. */
export async function servedScript(): Promise<string | null> {
  try {
    const headers = { accept: "text/html" };
    const response = await fetch("/", {
      cache: "no-store",
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? (ENTRY.exec(await response.text())?.[1] ?? null) : null;
  } catch {
    return null;
  }
}

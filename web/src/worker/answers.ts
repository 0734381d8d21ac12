// Whether what came is the file that was asked for. A network that wants one to sign in first, or a proxy that shows a page
// of its own, answers everything with that page: kept in the place of a file, it would stand there until the next build.

/** The page alone is HTML. Nothing of ours is anywhere else than where it is asked for. */
export function isFile(path: string, response: Response): boolean {
  const isHtml = response.headers.get("content-type")?.startsWith("text/html") ?? false;
  return response.status === 200 && !response.redirected && isHtml === path.endsWith(".html");
}

/** The page of the build that begins with this script: a server that has become another meanwhile has another page. */
export async function isPage(script: string, response: Response): Promise<boolean> {
  return (await response.clone().text()).includes(`"${script}"`);
}

// The addresses at which the client's page may be shown without the server.

/** As the client's router and the server's `http/assets.rs` have them. */
const ADDRESS =
  /^\/(?:(?:login|register|setup|chat|settings|inbox|administration|join\/[^/]+|c\/[^/]+(?:\/.*)?)\/?)?$/;

export function isAddress(path: string): boolean {
  return ADDRESS.test(path);
}

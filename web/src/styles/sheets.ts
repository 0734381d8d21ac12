// All style sheets of the client, for the tests that hold them to their rules.
import { readdirSync, readFileSync } from "node:fs";

/** Without comments; lines keep their numbers. */
export function sheets(): { path: string; text: string }[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".css"))
    .sort()
    .map((path) => {
      const text = readFileSync(`src/${path}`, "utf8");
      return { path, text: text.replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, "")) };
    });
}

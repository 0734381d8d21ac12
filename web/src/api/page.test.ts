// By what the client knows one build from another.
import { expect, it } from "vitest";
import { entryOf } from "./page.ts";

it("a build is known by the script that changes with it, whatever that needs before it", () => {
  const script = (path: string) => `<script type="module" crossorigin src="${path}"></script>`;
  const page = `<script src="/first.js"></script>${script("/assets/runtime-1.js")}\n${script("/assets/first-2.js")}`;
  expect(entryOf(page)).toBe("/assets/first-2.js");
  expect(entryOf(script("/assets/index-1.js"))).toBe("/assets/index-1.js");
  expect(entryOf("<h1>Welcome to the airport</h1>")).toBeNull();
});

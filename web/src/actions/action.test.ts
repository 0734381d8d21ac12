import { afterEach, expect, it } from "vitest";
import { ApiError, type Code } from "../api/problem.ts";
import { speak, t } from "../i18n/words.ts";
import { explain } from "./action.ts";

afterEach(() => speak("en"));

const refused = (code: string) =>
  new ApiError({ code: code as Code, title: "Too long", detail: "The name has more than 80 characters" });

it("a refusal is told in the server's words in English", () => {
  expect(explain(refused("invalid_request"))).toBe("The name has more than 80 characters.");
});

it("a refusal is told by its code in other languages, for the server speaks English only", async () => {
  await speak("de");
  expect(explain(refused("invalid_request"))).toBe(t("errors.invalid_request"));
});

it("a refusal of a newer server is told in its own words in every language", async () => {
  await speak("de");
  expect(explain(refused("code_of_tomorrow"))).toBe("The name has more than 80 characters.");
});

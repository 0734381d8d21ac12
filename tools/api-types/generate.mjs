// Writes the client's types from the schemas of the OpenAPI document (the nouns, the bodies of requests, the frames of
// the socket), or with --check only says whether they are current.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../docs/api/openapi.json", import.meta.url);
const target = new URL("../../web/src/api/schema.gen.ts", import.meta.url);

const { openapi, info, components } = JSON.parse(readFileSync(source, "utf8"));
const { schemas } = components;
const ast = await openapiTS({ openapi, info, paths: {}, components: { schemas } }, { alphabetize: true });
const head = "// Made from docs/api/openapi.json by tools/api-types. Do not edit: run `npm run generate` there.\n\n";
const text = head + astToString(ast);

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readOrEmpty(target) !== text) {
  console.error("web/src/api/schema.gen.ts is not current: run `npm run generate` in tools/api-types.");
  process.exitCode = 1;
}

function readOrEmpty(url) {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return "";
  }
}

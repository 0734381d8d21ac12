// Puts a compressed copy beside each file that gains by it: the server sends them as they are, and never compresses while
// somebody waits.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Pictures and fonts are compressed by themselves. */
const TEXT = /\.(?:js|css|svg)$/;
/** Below that a copy would save less than the headers around it weigh. */
const LEAST_BYTES = 1_024;

export function compressed(): Plugin {
  return {
    name: "parlor-compressed",
    // What stands in the files is final then.
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const output of Object.values(bundle)) {
          if (!TEXT.test(output.fileName)) continue;
          const bytes = Buffer.from(output.type === "chunk" ? output.code : output.source);
          if (bytes.length < LEAST_BYTES) continue;
          const params = {
            [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          };
          const copies = { br: brotliCompressSync(bytes, { params }), gz: gzipSync(bytes, { level: 9 }) };
          for (const [ending, source] of Object.entries(copies))
            this.emitFile({ type: "asset", fileName: `${output.fileName}.${ending}`, source });
        }
      },
    },
  };
}

// Tests read what people read, in English.
import { moreWords, speak } from "../words.ts";

await speak("en");
await moreWords();

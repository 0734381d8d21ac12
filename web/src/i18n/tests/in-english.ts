// Tests read what people read, in English.
import { speak } from "../words.ts";

await speak("en");

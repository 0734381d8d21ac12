// The real browser that the stories are played in: Chromium as the system has it.
import { accessSync } from "node:fs";
import { chromium } from "playwright-core";

const USUAL_PROGRAM = "/usr/bin/chromium";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** `flags` come on top of the usual ones. */
export async function openBrowser(flags = []) {
  const executablePath = process.env.CHROMIUM ?? USUAL_PROGRAM;
  try {
    accessSync(executablePath);
  } catch {
    throw new Error(`There is no browser at ${executablePath}. Install chromium, or name the program in CHROMIUM.`);
  }
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

// Where the keyboard is: what has the focus, how it is named, and whether one can see that it has it.

/**
 * `{ role, name, ring, inView }` of what has the focus, or `null`. `ring`: the thing itself or what stands closely around
 * it looks different from when it has no focus.
 */
export async function focused(page) {
  const locator = page.locator(":focus");
  if ((await locator.count()) === 0) return null;
  const [, role, name] = (await locator.ariaSnapshot()).match(/^- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?/) ?? [];
  const seen = await page.evaluate(lookAround);
  return { role: role ?? "generic", name: name ?? "", ...seen };
}

/** Runs in the page. */
async function lookAround() {
  const element = document.activeElement;
  const around = [element, element.parentElement, element.parentElement?.parentElement].filter(Boolean);
  // Even the shortest change of style takes until the next picture.
  const settled = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const look = () =>
    around.map((it) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(it);
      return [outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor].join();
    });
  await settled();
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const inView = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  const withFocus = look();
  element.blur();
  await settled();
  const without = look();
  element.focus({ preventScroll: true });
  await settled();
  return { inView, ring: withFocus.some((style, index) => style !== without[index]) };
}

/** The stops of the Tab key from here on, until one comes again or the page ends. */
export async function tabStops(page, stopsMax = 60) {
  const stops = [];
  const known = new Set();
  for (let count = 0; count < stopsMax; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    const key = stop && `${stop.role} ${stop.name}`;
    if (!stop || known.has(key)) return stops;
    known.add(key);
    stops.push(stop);
  }
  throw new Error(`Tab reaches more than ${stopsMax} things: ${[...known].join(", ")}`);
}

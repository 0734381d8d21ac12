// Whether everybody can read a page: no serious finding of axe, nothing that stands out at the side.
import { createRequire } from "node:module";

const { source: AXE } = createRequire(import.meta.url)("axe-core");

const WEIGHTY = new Set(["serious", "critical"]);

/** What axe finds serious or critical, a line each. */
export async function axeFindings(page) {
  // As an expression and not as an element of the page: the server's policy allows no script from elsewhere.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const options = { resultTypes: ["violations"], preload: false, elementRef: false };
    return (await window.axe.run(document, options)).violations;
  });
  return violations
    .filter((violation) => WEIGHTY.has(violation.impact))
    .flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${any[0]?.message ?? ""} ${html.slice(0, 160)}`));
}

/** What can be used or read and sticks out of the window at a side; and the page itself, when it scrolls sideways. */
export async function sidewaysFindings(page) {
  return page.evaluate(() => {
    const found = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth - innerWidth} px too wide`);
    for (const element of document.querySelectorAll("a, button, input, textarea, h1, h2, h3, article, p")) {
      const { left, right, width, height } = element.getBoundingClientRect();
      const isShown = width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      // A block of code may scroll by itself.
      if (!isShown || element.closest("pre")) continue;
      if (left < -1 || right > innerWidth + 1) found.push(`${element.outerHTML.slice(0, 120)} from ${left} to ${right}`);
    }
    return found;
  });
}

// Whether everybody can read a page and hit what is on it: no finding of axe, nothing that stands out at the side, targets
// large enough.
import { createRequire } from "node:module";

const { source: AXE } = createRequire(import.meta.url)("axe-core");

/** WCAG 2.2, 2.5.8, in pixels. */
const TARGET_MIN = 24;

/**
 * Advice of axe that no criterion of WCAG asks for and that does not hold here: on a phone the list, the conversation and the
 * details are one after the other, and only the conversation is the main part with the first heading.
 */
const LEFT_OUT = ["landmark-one-main", "page-has-heading-one"];

/** What axe finds, a line each. */
export async function axeFindings(page) {
  // As an expression and not as an element of the page: the server's policy allows no script from elsewhere.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (leftOut) => {
    const rules = Object.fromEntries(leftOut.map((rule) => [rule, { enabled: false }]));
    const options = { resultTypes: ["violations"], preload: false, elementRef: false, rules };
    return (await window.axe.run(document, options)).violations;
  }, LEFT_OUT);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${any[0]?.message ?? ""} ${html.slice(0, 160)}`));
}

/** What can be used or read and sticks out of the window at a side; and the page itself, when it scrolls sideways. */
export async function sidewaysFindings(page) {
  return page.evaluate(() => {
    const found = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth - innerWidth} px too wide`);
    for (const layer of document.querySelectorAll("dialog[open], [popover]:popover-open, .talk, .side, .panel, .settings")) {
      if (layer.scrollWidth > layer.clientWidth + 1) found.push(`${layer.className} is ${layer.scrollWidth - layer.clientWidth} px too wide`);
    }
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

/**
 * What can be pressed and is too small for it: narrower or lower than 24 px, and so near to something else that a circle of
 * 24 px around its middle touches that (the exception of WCAG 2.5.8). Links within a text are as high as their line.
 */
export async function targetFindings(page) {
  return page.evaluate((least) => {
    const USED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option], [role=gridcell], [role=menuitem], [role=tab]";
    const isShown = (element) =>
      !element.disabled && !element.closest("[inert]") && element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
    // A label is pressed like what it names.
    const boxOf = (element) => {
      const { left, top, right, bottom } = (element.matches("input") && element.closest("label") || element).getBoundingClientRect();
      return { left, top, right, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
    };
    const layer = document.querySelector("dialog[open], [popover]:popover-open") ?? document;
    const all = [...layer.querySelectorAll(USED)].filter(isShown).map((element) => ({ element, ...boxOf(element) }));
    const isSmall = (box) => box.right - box.left < least - 0.5 || box.bottom - box.top < least - 0.5;
    const distance = (box, other) => {
      const dx = Math.max(other.left - box.x, 0, box.x - other.right);
      const dy = Math.max(other.top - box.y, 0, box.y - other.bottom);
      return Math.hypot(dx, dy);
    };
    const reach = (box, other) => (isSmall(other) ? Math.hypot(box.x - other.x, box.y - other.y) - least / 2 : distance(box, other));
    return all
      .filter((box) => isSmall(box) && box.right - box.left > 1 && !isInline(box.element))
      .filter((box) => all.some((other) => other !== box && !other.element.contains(box.element) && reach(box, other) < least / 2))
      .map(({ element, left, top, right, bottom }) => `${Math.round(right - left)}×${Math.round(bottom - top)} px to press: ${element.outerHTML.slice(0, 120)}`);

    function isInline(element) {
      return element.matches("a") && getComputedStyle(element).display === "inline";
    }
  }, TARGET_MIN);
}

/** Until a change of colours has been painted. */
export async function isPainted(page) {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
  });
}

// Looks whether a page holds anything that Parlor does not put into it: an element, an attribute or an address beyond those
// that its own pages are made of. What runs, opens, asks elsewhere or is stopped by the policy is seen by `complaints.mjs`.
import assert from "node:assert/strict";

/** Everything that the pages are made of. */
const ELEMENTS = [
  "html", "head", "meta", "title", "link", "script", "body", "div", "span", "p", "main", "nav", "aside", "header", "footer",
  "section", "article", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "a", "button", "form", "input", "label",
  "textarea", "select", "option", "fieldset", "legend", "dialog", "output", "time", "strong", "em", "del", "code", "pre",
  "blockquote", "figure", "figcaption", "br", "hr", "small", "kbd", "bdi", "b", "i", "u", "mark", "details", "summary", "noscript", "img", "search",
  "svg", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "g", "defs", "use", "table", "tbody", "tr", "td", "th", "thead",
];

/** Attributes of any element, besides `aria-…` and `data-…`. None that runs something begins with anything but `on`. */
const ATTRIBUTES = new Set([
  "class", "id", "href", "src", "rel", "target", "type", "name", "value", "role", "tabindex", "title", "lang", "dir", "for",
  "placeholder", "autocomplete", "autocapitalize", "autofocus", "spellcheck", "required", "disabled", "checked", "selected",
  "hidden", "inert", "open", "method", "action", "enctype", "novalidate", "maxlength", "minlength", "min", "max", "rows", "cols", "datetime",
  "content", "charset", "media", "sizes", "crossorigin", "alt", "width", "height", "viewbox", "fill", "stroke", "stroke-width",
  "stroke-linecap", "stroke-linejoin", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "points",
  "xmlns", "focusable", "popover", "popovertarget", "popovertargetaction", "enterkeyhint", "inputmode", "start", "color", "multiple",
  "size", "accept", "readonly", "pattern", "step", "accept-charset", "transform", "style", "translate", "draggable", "http-equiv", "property", "nonce", "defer", "async", "as", "closedby", "opacity", "fill-rule", "clip-rule",
]);

/** Runs in the page. Gives every element, attribute and address that is none of Parlor's. */
function look({ elements, attributes }) {
  const strange = new Set();
  const known = new Set(elements);
  const all = (root) => [...root.querySelectorAll("*")].flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])]);
  for (const element of all(document)) {
    const tag = element.localName;
    if (!known.has(tag)) strange.add(tag);
    // Pictures are drawn here, and nothing that was written leads to one.
    for (const { name, value } of element.attributes) {
      const plain = name.toLowerCase();
      const isKnown = attributes.includes(plain) || /^(?:aria|data)-[a-z0-9-]+$/u.test(plain);
      if (!isKnown || plain.startsWith("on")) strange.add(`${tag} ${plain}=${value}`);
      // The names of things are ours; what was written stands in values that are read out or sent, and nowhere else.
      if (/^(?:id|name|class|style|role|for|type|rel|target|method|src)$/u.test(plain) && /__xss|planted|elsewhere/u.test(value)) {
        strange.add(`${tag} ${plain}=${value}`);
      }
    }
    for (const name of ["href", "src", "action", "formAction"]) {
      const address = element.getAttribute(name.toLowerCase()) === null ? null : element[name];
      if (typeof address !== "string" || address === "") continue;
      // What the browser cannot read leads nowhere; how it begins counts all the same.
      const { protocol, origin } = URL.parse(address, document.baseURI) ?? { protocol: `${address.split(":")[0]}:` };
      const leads = name === "href" && tag === "a" ? ["http:", "https:", "mailto:"] : ["data:", "blob:"];
      if (!leads.includes(protocol) && origin !== location.origin) strange.add(`${tag} ${name}=${protocol}`);
    }
    if (tag === "script" && !element.src) strange.add("script inside the page");
    if (tag === "img" && !/^(?:data|blob):/u.test(element.src) && URL.parse(element.src)?.origin !== location.origin) strange.add("img of elsewhere");
  }
  return [...strange];
}

export class Witness {
  #person;
  #looks = 0;
  #found = new Set();

  constructor(person) {
    this.#person = person;
  }

  /** Everything in the page as it is now that is not Parlor's. */
  async strangers() {
    this.#looks += 1;
    const found = await this.#person.page.evaluate(look, { elements: ELEMENTS, attributes: [...ATTRIBUTES] });
    for (const one of found) this.#found.add(`${one} at ${new URL(this.#person.page.url()).pathname}`);
    return found;
  }

  /** How many complaints say this. */
  count(word) {
    return this.#person.complaints.all().filter((complaint) => complaint.includes(word)).length;
  }

  /** Ends a story: nothing was found in so many texts. What complaints there are is asserted by the story itself. */
  sawNothing(texts) {
    assert.ok(this.#looks > 0);
    assert.deepEqual([...this.#found], []);
    assert.deepEqual(this.#person.complaints.all(), []);
    console.log(`${texts} texts, ${this.#looks} looks at ${this.#person.username}'s pages: nothing ran`);
  }
}

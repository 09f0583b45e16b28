/**
 * Makes elements. Strings become text nodes and nothing else, so that no stored content is ever
 * read as HTML.
 */

/**
 * @param {string} tag
 * @param {Object<string, *>} attributes a function listens to the event of that name; `true` sets
 *     an empty attribute; `false`, null and undefined set none
 * @param {...(Node|string|number|null|undefined|Array)} children
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  // First, since a browser reads an element with dir="auto" again for each child that comes later.
  element.append(...present(children));
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  return element;
}

/** A button that does not submit a form, known to tests and styles by its action. */
export function button(action, label, attributes = {}) {
  return el("button", { type: "button", "data-action": action, ...attributes }, label);
}

/** The children that are there, arrays flattened. */
function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined);
}

/**
 * Says something to screen readers, and shows it for a while.
 *
 * @param {boolean} quiet where the page itself shows it
 */
export function announce(message, quiet = false) {
  const status = document.getElementById("status");
  // The same words twice would not be read out again.
  status.replaceChildren(message, status.textContent === message ? "\u00a0" : "");
  status.classList.remove("fresh");
  void status.offsetWidth;
  status.classList.toggle("fresh", !quiet);
}

/** Whether list and reader stand side by side. The style sheet has the same width. */
export const wide = window.matchMedia("(min-width: 1100px)");

/** What scrolls around an element: its pane where panes scroll by themselves, else the page. */
export function scroller(element) {
  return (wide.matches && element.closest(".pane")) || document.scrollingElement;
}

/** What is known of an entry, beside its text. */
import { el, wide } from "./dom.js";
import { value } from "./marks.js";
import { exactTime } from "./time.js";

/**
 * @param {Array<[string, *]>} rows words and what belongs to them; rows without a value are left
 *     out
 * @returns {HTMLElement}
 */
export function facts(rows) {
  return el(
    "dl",
    { class: "facts" },
    rows
      .filter(([, content]) => content !== null && content !== undefined && content !== "")
      .map(([words, content]) => [el("dt", {}, words), el("dd", {}, shown(content))]),
  );
}

/** Shows the facts beside the text; where there is no room beside it they are folded. */
export function showFacts(side, content) {
  if (!side.firstChild) {
    side.append(el("details", { open: wide.matches }, el("summary", {}, "Facts"), content));
  } else {
    side.firstChild.lastChild.replaceWith(content);
  }
}

export function time(seconds) {
  return seconds === null || seconds === undefined ? null : exactTime(seconds);
}

/** Metadata with every key, which may be longer than a chip. */
export function metadata(pairs) {
  const rows = Object.entries(pairs ?? {});
  return rows.length
    ? el(
        "dl",
        { class: "facts metadata" },
        rows.map(([name, text]) => [el("dt", {}, value(name)), el("dd", {}, value(text))]),
      )
    : null;
}

export function idLink(href, id) {
  return el("a", { href, class: "id" }, value(id));
}

function shown(content) {
  return typeof content === "string" || typeof content === "number" ? value(content) : content;
}

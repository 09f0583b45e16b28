/** How a response ended, or that it has not. */
import { el } from "./dom.js";
import { value } from "./marks.js";

/** @returns {HTMLElement} a mark with the status as it is stored, or in words while it runs */
export function statusMark(status) {
  return el(
    "span",
    { class: "status", "data-status": status },
    status === "in_progress" ? "in progress" : value(status ?? "no status"),
  );
}

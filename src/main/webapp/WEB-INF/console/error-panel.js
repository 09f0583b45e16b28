/**
 * Says what went wrong, with what an administrator needs to find it in the log, and a way to try
 * again.
 */
import { button, el } from "./dom.js";
import { value } from "./marks.js";

/**
 * @param {Error} error most often an ApiError
 * @param {function()} retry
 */
export function errorPanel(error, retry) {
  const again = button("retry", "Try again", { click: retry });
  const panel = el(
    "section",
    { class: "error", "data-role": "error", role: "alert" },
    el("h2", {}, heading(error)),
    el("p", { "data-part": "message", dir: "auto" }, value(error.message)),
    el(
      "dl",
      { class: "facts" },
      error.status ? [el("dt", {}, "Status"), el("dd", {}, String(error.status))] : null,
      el("dt", {}, "Code"),
      el("dd", { "data-part": "code" }, value(error.code ?? "none")),
      el("dt", {}, "Request id"),
      el("dd", { "data-part": "request-id" }, value(error.requestId ?? "none")),
    ),
    again,
  );
  countDown(again, error.retryAfter ?? 0);
  return panel;
}

function heading({ status }) {
  switch (status) {
    case 401:
      return "Sign in to read this";
    case 403:
      return "You may not read this";
    case 404:
      return "Not found";
    case 429:
      return "Too many requests";
    case 503:
      return "Not available at the moment";
    default:
      return status >= 400 && status < 500 ? "The request was refused" : "Something went wrong";
  }
}

function countDown(again, seconds) {
  if (seconds <= 0) {
    return;
  }
  again.textContent = `Try again in ${seconds} s`;
  setTimeout(() => {
    again.textContent = "Try again";
    if (again.isConnected) {
      countDown(again, seconds - 1);
    }
  }, 1000);
}

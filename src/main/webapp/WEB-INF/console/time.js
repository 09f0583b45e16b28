/** Times as people read them, in UTC and on the user's own clock. */
import { el } from "./dom.js";
import { value } from "./marks.js";

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const LOCAL_EXACT = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "long",
});

/** @param {number} seconds since 1970, as the API has them */
export function shortTime(seconds) {
  const date = dateOf(seconds);
  return date
    ? el("time", { datetime: date.toISOString(), title: utc(date) }, LOCAL.format(date))
    : value(seconds);
}

/** In UTC and in local time. */
export function exactTime(seconds) {
  const date = dateOf(seconds);
  return date
    ? [
        el("time", { datetime: date.toISOString() }, utc(date)),
        el("span", { class: "local" }, LOCAL_EXACT.format(date)),
      ]
    : value(seconds);
}

/**
 * The whole seconds that a filter takes, from seconds or from a date such as `2026-11-28`,
 * `2026-11-28 15:04` (local time) or `2026-11-28T15:04:05Z`; anything else stays, for the API to
 * refuse.
 */
export function secondsOf(text) {
  const words = text.trim();
  if (!/^\d{4,}-\d\d-\d\d/.test(words)) {
    return words;
  }
  const date = new Date(
    /^\S+$/.test(words) && words.length <= 10 ? `${words}T00:00` : words.replace(" ", "T"),
  );
  return Number.isNaN(date.getTime()) ? words : String(Math.floor(date.getTime() / 1000));
}

function dateOf(seconds) {
  const date = typeof seconds === "number" ? new Date(seconds * 1000) : new Date(Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

function utc(date) {
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

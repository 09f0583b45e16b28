/** Links of stored texts: they show whose they are, and open on purpose only. */
import { button, el } from "./dom.js";

/** A longer one is text like any other. */
export const LONGEST_ADDRESS = 2000;

/** The text as an address of the web, or null: other schemes are no links here. */
export function webAddress(text) {
  if (!/^https?:\/\//i.test(text) || text.length > LONGEST_ADDRESS) {
    return null;
  }
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Words, and a button that opens the address and shows whose it is. */
export function linkTo(url, words) {
  return el(
    "span",
    { class: "link" },
    words,
    " ",
    button("open-link", `${url.host} ↗`, {
      "data-url": url.href,
      title: url.href,
      "aria-label": `Open ${url.host} in a new tab`,
    }),
  );
}

/** Opens the address of a link only when its button is pressed. */
export function listenToLinks(host) {
  host.addEventListener("click", (event) => {
    const link = event.target.closest('[data-action="open-link"]');
    const url = link && webAddress(link.dataset.url);
    if (url) {
      event.preventDefault();
      window.open(url.href, "_blank", "noopener,noreferrer");
    }
  });
}

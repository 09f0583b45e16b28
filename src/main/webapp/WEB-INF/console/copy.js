/** Puts text into the clipboard, also where the page is not served over TLS. */
import { announce, el } from "./dom.js";

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyBySelection(text)) {
      announce("The browser did not allow copying.");
      return;
    }
  }
  announce(`${what} copied.`);
}

/**
 * Browsers offer the clipboard itself to secure contexts only, and not without the user's consent.
 */
function copyBySelection(text) {
  const returnTo = document.activeElement;
  const field = el("textarea", { class: "offscreen", readonly: true, "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  returnTo?.focus?.({ preventScroll: true });
  return done;
}

/**
 * What a request says about its caller: an API key, and the reason that a reviewer gives. Both are
 * in this module alone and gone on reload, unless the user keeps the key for this tab.
 */
import { announce } from "./dom.js";

const KEPT = "history-console-key";

let key = sessionStorage.getItem(KEPT);
let reason = null;
const asking = new Map();

/** @returns {{key: ?string, reason: ?string}} what the next request sends */
export function credentials() {
  return { key, reason };
}

export function forgetKey() {
  key = null;
  sessionStorage.removeItem(KEPT);
}

/**
 * Asks for a key, unless another request has asked since `used` was sent.
 *
 * @param {?string} used the key that was refused
 * @returns {Promise<boolean>} whether there is a new one to try
 */
export async function askForKey(used) {
  if (key !== used) {
    return key !== null;
  }
  return ask(
    "key",
    used === null ? "" : "This key was refused. It is wrong, expired or revoked.",
    (form) => {
      key = form.elements.key.value.trim();
      if (form.elements.keep.checked) {
        sessionStorage.setItem(KEPT, key);
      } else {
        sessionStorage.removeItem(KEPT);
      }
      form.reset();
    },
  );
}

/**
 * @param {?string} used the reason that was refused
 * @param {string} fault what the API said of it
 * @returns {Promise<boolean>} whether there is a new one to try
 */
export async function askForReason(used, fault) {
  if (reason !== used) {
    return reason !== null;
  }
  return ask("reason", used === null ? "" : fault, (form) => {
    reason = form.elements.reason.value.trim();
  });
}

/** Requests that need an answer at the same time wait for one dialog. */
function ask(role, fault, take) {
  if (!asking.has(role)) {
    asking.set(
      role,
      open(role, fault, take).finally(() => asking.delete(role)),
    );
  }
  return asking.get(role);
}

function open(role, fault, take) {
  const dialog = document.querySelector(`dialog[data-role="${role}"]`);
  const form = dialog.querySelector("form");
  const returnTo = document.activeElement;
  dialog.querySelector('[data-part="fault"]').textContent = fault;
  return new Promise((answer) => {
    const closed = new AbortController();
    let given = false;
    const listen = (target, event, react) =>
      target.addEventListener(event, react, { signal: closed.signal });
    listen(form, "submit", (event) => {
      event.preventDefault();
      take(form);
      given = true;
      dialog.close();
    });
    listen(dialog.querySelector('[data-action="cancel"]'), "click", () => dialog.close());
    listen(dialog, "close", () => {
      closed.abort();
      form.reset();
      returnTo?.focus?.();
      document.body.toggleAttribute("data-key", key !== null);
      answer(given);
    });
    dialog.showModal();
    if (fault) {
      announce(fault, true);
    }
  });
}

/** The keys of the page. They can be switched off, and are silent where somebody types. */

const SWITCH = "history-console-keys";

/** @param {Object<string, function()>} actions what a key does */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    const plain = !(event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented);
    if (!action || !plain || document.querySelector("dialog[open]")) {
      return;
    }
    if (isField(event.target)) {
      if (event.key === "Escape") {
        event.target.blur();
      }
      return;
    }
    if (keysAreOn()) {
      event.preventDefault();
      action();
    }
  });
}

export function keysAreOn() {
  return localStorage.getItem(SWITCH) !== "off";
}

export function switchKeys(on) {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

function isField(target) {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}

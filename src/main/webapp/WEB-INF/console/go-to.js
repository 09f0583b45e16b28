/** The box "go to id". What an id begins with tells what it names; for others the user says it. */
import { announce } from "./dom.js";
import { format } from "./router.js";

const PREFIXES = { conv_: "conversations", resp_: "responses", fb_: "feedback" };

export function listenToGoTo(form, dialog) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = form.elements.goto.value.trim();
    if (/^\.*$/.test(id)) {
      announce("Type an id to go to.");
      return;
    }
    const prefix = Object.keys(PREFIXES).find((candidate) => id.startsWith(candidate));
    if (prefix) {
      go(PREFIXES[prefix], id);
    } else {
      dialog.returnValue = "";
      dialog.showModal();
    }
  });
  dialog.addEventListener("close", () => {
    if (Object.values(PREFIXES).includes(dialog.returnValue)) {
      go(dialog.returnValue, form.elements.goto.value.trim());
    }
  });
  function go(list, id) {
    form.reset();
    location.hash = format({ list, id });
  }
}

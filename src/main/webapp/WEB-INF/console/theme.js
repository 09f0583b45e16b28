/** Light, dark, or as the system says. */
import { announce } from "./dom.js";

const CHOICE = "history-console-theme";
const NEXT = { auto: "light", light: "dark", dark: "auto" };

export function listenToTheme(button) {
  const apply = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.title = `Colours: ${theme}`;
  };
  const stored = localStorage.getItem(CHOICE);
  apply(Object.hasOwn(NEXT, stored ?? "") ? stored : "auto");
  button.addEventListener("click", () => {
    const theme = NEXT[document.documentElement.dataset.theme];
    localStorage.setItem(CHOICE, theme);
    apply(theme);
    announce(`Colours: ${theme}.`);
  });
}

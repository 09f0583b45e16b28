/** Changes a long list in place, so that focus, selection and what is being read stay where they are. */
import { scroller } from "./dom.js";

/** Puts these elements, and no others, into their parent in this order; what is in place is not touched. */
export function arrange(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) {
    if (!wanted.has(child)) {
      child.remove();
    }
  }
  let at = parent.firstElementChild;
  for (const element of elements) {
    if (element === at) {
      at = at.nextElementSibling;
    } else {
      parent.insertBefore(element, at);
    }
  }
}

/** Makes a change, and keeps the first visible child of `parent` where it is on the screen. */
export function holdStill(parent, change) {
  const pane = scroller(parent);
  const edge = pane === document.scrollingElement ? 0 : pane.getBoundingClientRect().top;
  const visible = [...parent.children].filter((child) => child.getBoundingClientRect().bottom > edge);
  const before = visible.slice(0, 50).map((child) => child.getBoundingClientRect().top);
  change();
  const anchor = visible.findIndex((child) => child.isConnected);
  if (anchor >= 0 && anchor < before.length) {
    pane.scrollTop += visible[anchor].getBoundingClientRect().top - before[anchor];
  }
}

/** Calls back whenever the element comes within `margin` pixels of what is visible. */
export function whenNear(element, margin, react) {
  const observer = new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && react(),
    // Browsers that do not know the second one load a little later where panes scroll.
    { rootMargin: `${margin}px`, scrollMargin: `${margin}px` },
  );
  observer.observe(element);
  return observer;
}

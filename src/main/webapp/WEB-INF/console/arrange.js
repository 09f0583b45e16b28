/**
 * Changes a long list in place, so that focus, selection and what is being read stay where they
 * are.
 */
import { scroller } from "./dom.js";

/**
 * Puts these elements, and no others, into their parent in this order; what is in place is not
 * touched.
 */
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

/**
 * Makes a change, and keeps what is being read where it is on the screen: the child of `parent`
 * that
 * has the keyboard, if it is visible, else the first one that is.
 */
export function holdStill(parent, change) {
  const pane = scroller(parent);
  const edge = pane === document.scrollingElement ? 0 : pane.getBoundingClientRect().top;
  const seen = [...parent.children]
    .map((child) => ({
      child,
      top: child.getBoundingClientRect().top,
      bottom: child.getBoundingClientRect().bottom,
    }))
    .filter(({ top, bottom }) => bottom > edge && top < window.innerHeight);
  const read = seen.find(({ child }) => child.contains(document.activeElement));
  change();
  const anchor = [read, ...seen].find((candidate) => candidate?.child.isConnected);
  if (anchor) {
    pane.scrollTop += anchor.child.getBoundingClientRect().top - anchor.top;
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

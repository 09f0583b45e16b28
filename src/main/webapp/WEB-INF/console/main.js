/** Puts the page together: an address in, a list and what is opened from it out. */
import { credentials, forgetKey } from "./access.js";
import { getText } from "./api.js";
import { announce, el, scroller, wide } from "./dom.js";
import { errorPanel } from "./error-panel.js";
import { showFilters } from "./filters.js";
import { listenToGoTo } from "./go-to.js";
import { keysAreOn, listenToKeys, switchKeys } from "./keyboard.js";
import { KINDS, readEntry } from "./kinds.js";
import { ListPane } from "./list-pane.js";
import { listenToLinks } from "./links.js";
import { format, parse, replace } from "./router.js";
import { listenToTheme } from "./theme.js";

/**
 * Loaded when they are needed first, or when there is time: a list is there sooner without them.
 */
const VIEWS = {
  conversation: async () => (await import("./conversation-view.js")).ConversationView,
  response: async () => (await import("./response-view.js")).ResponseView,
};

const place = (role) => document.querySelector(`[data-role="${role}"]`);
const listHost = place("list");
const readerHost = place("reader");

let list = null;
let listKey = null;
/** The list that was left last, so that going back finds it as it was. */
let kept = null;
let view = null;
let viewKey = null;
let route = null;
let alias = null;

function show() {
  const found = parse(location.hash);
  if (!found) {
    replace({ list: "conversations" });
    show();
    return;
  }
  const opened = route;
  route = found;
  alias?.abort();
  document.body.dataset.view = route.view;
  document.body.toggleAttribute("data-entry", route.id !== null);
  document.title = `${route.id ? `${route.id} · ` : ""}${KINDS[route.list].title} · History`;
  showTabs();
  if (route.id && route.list === "feedback") {
    closeView();
    followFeedback();
    return;
  }
  showList();
  showView();
  report();
  if (opened?.id && !route.id) {
    (list.row(opened.id) ?? list.current ?? listHost).focus();
  } else if (opened && route.id && opened.id !== route.id && !route.item) {
    readerHost.focus({ preventScroll: true });
  }
}

function showTabs() {
  for (const tab of document.querySelectorAll("nav a")) {
    if (tab.dataset.list === route.list) {
      tab.setAttribute("aria-current", "page");
    } else {
      tab.removeAttribute("aria-current");
    }
  }
}

/**
 * The list stays as it is while entries are opened from it. Where it is not seen it is not loaded.
 */
function showList() {
  const key = format({ list: route.list, query: route.query });
  if (key !== listKey) {
    const left = list && { key: listKey, pane: list, scroll: listHost.scrollTop };
    const again = kept?.key === key ? kept : null;
    if (!again) {
      kept?.pane.stop();
    }
    if (left && left.pane.state !== "ready") {
      left.pane.stop();
    }
    kept = left?.pane.state === "ready" ? left : null;
    list = again?.pane ?? new ListPane(route.list, route.query, report);
    listKey = key;
    showFilters(place("filter-bar"), route.list, route.query, (query) => {
      location.hash = format({ list: route.list, query });
    });
    listHost.replaceChildren(list.element);
    listHost.scrollTop = again?.scroll ?? 0;
  }
  if (wide.matches || !route.id) {
    list.begin();
  }
  list.select(route.id);
}

async function showView() {
  if (!route.id) {
    closeView();
    readerHost.setAttribute("aria-label", "Reader");
    readerHost.replaceChildren(placeholder());
    return;
  }
  readerHost.setAttribute("aria-label", `${KINDS[route.list].one} ${route.id}`);
  const key = format({ list: route.list, id: route.id, query: route.query });
  if (key === viewKey) {
    view?.open(route);
    return;
  }
  closeView();
  viewKey = key;
  scroller(readerHost).scrollTop = 0;
  try {
    const View = await VIEWS[route.view]();
    if (key === viewKey && !view) {
      view = new View(readerHost, route, {
        changed: report,
        neighbour: (id, by) => list.neighbour(id, by),
      });
      view.load();
    }
  } catch (error) {
    readerHost.replaceChildren(errorPanel(error, () => location.reload()));
    document.body.dataset.state = "error";
  }
}

function closeView() {
  view?.stop();
  view = null;
  viewKey = null;
}

/** The state of what the address names, for styles, tests and people who wait. */
function report() {
  const main = route.id ? view?.reader : list;
  document.body.dataset.state = main?.state ?? "loading";
  if (main?.state === "ready") {
    Object.values(VIEWS).forEach((load) => load());
  }
}

/** Feedback has no page of its own: its address leads to what it is about. */
async function followFeedback() {
  alias = new AbortController();
  const { signal } = alias;
  document.body.dataset.state = "loading";
  readerHost.replaceChildren(el("p", { class: "loading", role: "status" }, "Loading…"));
  try {
    const entry = readEntry(await getText(["feedback", route.id], undefined, signal));
    history.replaceState(null, "", KINDS.feedback.href(entry));
    show();
  } catch (error) {
    if (!signal.aborted) {
      readerHost.replaceChildren(errorPanel(error, followFeedback));
      document.body.dataset.state = "error";
    }
  }
}

function placeholder() {
  return el(
    "div",
    { class: "placeholder" },
    el("h2", {}, `Choose a ${KINDS[route.list].one}`),
    el(
      "p",
      {},
      "It opens here. ",
      el("kbd", {}, "j"),
      " and ",
      el("kbd", {}, "k"),
      " move, ",
      el("kbd", {}, "Enter"),
      " opens, ",
      el("kbd", {}, "?"),
      " says more.",
    ),
  );
}

function step(by) {
  if (view && (readerHost.contains(document.activeElement) || !wide.matches)) {
    view.step(by);
  } else {
    list?.step(by);
  }
}

function back() {
  if (route.id) {
    location.hash = format({ list: route.list, query: route.query });
  }
}

function toFilters() {
  const form = place("filters");
  form.closest("details").open = true;
  form.querySelector("input").focus();
}

function listenToHelp() {
  const help = document.querySelector('dialog[data-role="help"]');
  const keys = help.querySelector('input[name="keys"]');
  const open = () => help.showModal();
  keys.checked = keysAreOn();
  keys.addEventListener("change", () => switchKeys(keys.checked));
  document.querySelector('[data-action="help"]').addEventListener("click", open);
  return open;
}

/** A tab asks for what is there now. */
function listenToTabs() {
  for (const tab of document.querySelectorAll("nav a")) {
    tab.addEventListener("click", () => {
      kept?.pane.stop();
      kept = null;
      list?.stop();
      list = null;
      listKey = null;
      if (tab.hash === location.hash) {
        show();
      }
    });
  }
}

listenToTabs();
document.body.toggleAttribute("data-key", credentials().key !== null);
listenToTheme(document.querySelector('[data-action="theme"]'));
listenToGoTo(place("go-to"), document.querySelector('dialog[data-role="kind"]'));
listenToLinks(readerHost);
document.querySelector('[data-action="forget-key"]').addEventListener("click", () => {
  forgetKey();
  announce("The key is forgotten.");
  document.body.removeAttribute("data-key");
});
listenToKeys({
  "/": toFilters,
  "?": listenToHelp(),
  j: () => step(1),
  k: () => step(-1),
  Escape: back,
});
wide.addEventListener("change", () => route && showList());
window.addEventListener("hashchange", show);
show();

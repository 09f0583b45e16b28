/**
 * Items in their order, as cards. It holds a window on them, and follows the reader in both
 * directions.
 */
import { getList, getText } from "./api.js";
import { arrange, holdStill, whenNear } from "./arrange.js";
import { listenToCards } from "./card-actions.js";
import { card } from "./card.js";
import { announce, button, el } from "./dom.js";
import { errorPanel } from "./error-panel.js";
import { readItem } from "./item.js";
import { PageWindow } from "./page-window.js";

/** Items of a page: the API answers whole items, so pages are small. */
const PAGE = 40;

/** Items kept as cards; those farther away are let go and loaded again. */
const MOST_ITEMS = 480;

/** Pixels from the end at which the next page is asked for. */
const NEAR = 800;

export class Transcript {
  element;
  #segments;
  #linkOf;
  #shown;
  #window;
  #requests;
  #cards = new Map();
  #items = new WeakMap();
  #body = el("div", { class: "cards" });
  #start = el("div", { class: "transcript-edge", "data-role": "transcript-start" });
  #end = el("div", { class: "transcript-edge", "data-role": "transcript-end" });
  #whole;
  #near = [];

  /**
   * @param {object} options
   * @param {string[]} options.segments the path of the list in the API
   * @param {string} options.role of the element, for tests and styles
   * @param {string} options.whole what ends with the last item, such as "conversation"
   * @param {?function(string): string} options.linkOf the page's address of an item
   * @param {function(object): string[]} options.segmentsOf the API's path of an item
   * @param {function()} options.shown is called when other cards are there
   * @param {AbortController} requests is aborted when nobody waits any more
   */
  constructor({ segments, role, whole, linkOf, segmentsOf, shown }, requests) {
    this.#segments = segments;
    this.#linkOf = linkOf;
    this.#shown = shown;
    this.#whole = whole;
    this.#requests = requests;
    this.element = el(
      "div",
      { class: "transcript", "data-role": role },
      this.#start,
      this.#body,
      this.#end,
    );
    this.#window = new PageWindow((page) => this.#load(page), PAGE, MOST_ITEMS);
    listenToCards(this.#body, (article) => this.#items.get(article), segmentsOf);
  }

  /** Loads from the oldest item, or around one. */
  async start(itemId = null) {
    if (itemId) {
      const raw = await getText([...this.#segments, itemId], undefined, this.#requests.signal);
      await this.#window.around(readItem(raw));
    } else {
      await this.#window.start();
    }
    this.#render();
  }

  /** Loads more by itself from now on, when the reader comes near an end. */
  follow() {
    this.stop();
    this.#near = [
      whenNear(this.#end, NEAR, () => this.#window.hasLater && this.#more("later")),
      whenNear(this.#start, NEAR, () => this.#window.hasEarlier && this.#more("earlier")),
    ];
  }

  stop() {
    this.#near.forEach((observer) => observer.disconnect());
    this.#near = [];
  }

  get entries() {
    return this.#window.entries;
  }

  get hasLater() {
    return this.#window.hasLater;
  }

  /** The card of an item, also if it has its output only. */
  find(itemId) {
    const id = CSS.escape(itemId);
    return (
      this.#body.querySelector(`[data-item-id="${id}"]`) ??
      this.#body.querySelector(`[data-output-id="${id}"]`)
    );
  }

  /** Brings a card to the top and gives it the keyboard. */
  reveal(article) {
    this.#body.querySelector(".current")?.classList.remove("current");
    article.classList.add("current");
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
    // Cards beside it get their real heights only when they are on the screen.
    requestAnimationFrame(() => article.scrollIntoView({ block: "start" }));
  }

  /** Moves the keyboard by one card; at an end the next page is loaded. */
  async step(by) {
    const at = this.#articles().indexOf(document.activeElement?.closest("article"));
    const from = at < 0 ? this.#firstVisible() - (by > 0 ? 1 : 0) : at;
    const old = this.#articles()[from];
    const direction = by > 0 ? "later" : "earlier";
    if (
      !this.#articles()[from + by] &&
      (by > 0 ? this.#window.hasLater : this.#window.hasEarlier)
    ) {
      await this.#more(direction);
    }
    const articles = this.#articles();
    const next = articles[(old ? articles.indexOf(old) : from) + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  }

  /** Changes cards without moving what is being read. */
  change(action) {
    holdStill(this.#body, () => action(this.#articles()));
  }

  #articles() {
    return [...this.#body.children];
  }

  #firstVisible() {
    return Math.max(
      0,
      this.#articles().findIndex((article) => article.getBoundingClientRect().bottom > 160),
    );
  }

  async #load(page) {
    page.set("order", "asc");
    const { entries, hasMore } = await getList(this.#segments, page, this.#requests.signal);
    return { entries: entries.map(readItem), hasMore };
  }

  async #more(direction) {
    this.element.setAttribute("aria-busy", "true");
    try {
      await this.#window[direction]();
      holdStill(this.#body, () => this.#render());
      announce(this.#sum(), true);
      if (this.#near.length) {
        // Short items may leave the end still near, and an observer tells changes only.
        this.follow();
      }
    } catch (error) {
      if (!this.#requests.signal.aborted) {
        const place = direction === "later" ? this.#end : this.#start;
        place.replaceChildren(errorPanel(error, () => this.#more(direction)));
      }
    } finally {
      this.element.removeAttribute("aria-busy");
    }
  }

  #render() {
    const cards = new Map();
    for (const { item, output } of pairs(this.#window.entries)) {
      const key = JSON.stringify([item.id, output?.id]);
      const article = this.#cards.get(key) ?? card(item, output, this.#linkOf?.(item.id));
      this.#items.set(article, output ? [item, output] : [item]);
      cards.set(key, article);
    }
    this.#cards = cards;
    arrange(this.#body, [...cards.values()]);
    this.#edges();
    this.#shown?.();
  }

  #edges() {
    const { hasEarlier, hasLater } = this.#window;
    this.#start.dataset.more = String(hasEarlier);
    this.#start.replaceChildren(
      ...(hasEarlier
        ? [
            "There are earlier items. ",
            button("earlier", "Load earlier", { click: () => this.#more("earlier") }),
          ]
        : [`Start of ${this.#whole}`]),
    );
    this.#end.dataset.more = String(hasLater);
    this.#end.replaceChildren(
      el("span", {}, this.#sum()),
      hasLater ? button("later", "Load more", { click: () => this.#more("later") }) : "",
    );
  }

  #sum() {
    const { entries, hasLater } = this.#window;
    if (!entries.length) {
      return "No items.";
    }
    const count = entries.length === 1 ? "1 item" : `${entries.length} items`;
    return `${count} shown, ${hasLater ? "there are more" : `end of ${this.#whole}`}`;
  }
}

/**
 * The items in their order, outputs with their calls. An output whose call is not here stands by
 * itself.
 */
export function pairs(items) {
  const shown = [];
  const open = new Map();
  for (const item of items) {
    const call = item.isOutput && item.callId ? open.get(item.callId) : null;
    if (call) {
      call.output = item;
      open.delete(item.callId);
      continue;
    }
    const entry = { item, output: null };
    shown.push(entry);
    if (item.isCall && item.callId) {
      open.set(item.callId, entry);
    }
  }
  return shown;
}

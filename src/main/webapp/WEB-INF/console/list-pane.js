/** A list: its rows, how many are shown, and whether there are more. */
import { getList } from "./api.js";
import { arrange, holdStill } from "./arrange.js";
import { announce, button, el } from "./dom.js";
import { errorPanel } from "./error-panel.js";
import { KINDS, readEntry } from "./kinds.js";
import { PageWindow } from "./page-window.js";
import { Previews } from "./previews.js";

/** Rows kept; those scrolled far away are let go. */
const MOST_ROWS = 1000;

export class ListPane {
  state = "loading";
  #kind;
  #list;
  #filter;
  #cursor;
  #window;
  #requests = new AbortController();
  #previews = new Previews();
  #links = new Map();
  #rows = el("ul", { class: "rows" });
  #start = el("div", { class: "list-start" });
  #end = el("div", { class: "list-end", "data-role": "list-end" });
  #selected = null;
  #begun = false;
  #current = null;
  #changed;

  /** Where its rows are; the page shows it or keeps it. */
  element = el("div");

  /**
   * @param {string} list `conversations`, `responses` or `feedback`
   * @param {URLSearchParams} query the API's own
   * @param {function()} changed is called when the state has changed
   */
  constructor(list, query, changed) {
    this.#list = list;
    this.#kind = KINDS[list];
    this.#changed = changed;
    this.#filter = new URLSearchParams(query);
    this.#cursor = { after: query.get("after"), before: query.get("before") };
    const limit = query.get("limit") ?? this.#kind.limit;
    ["after", "before", "limit"].forEach((name) => this.#filter.delete(name));
    this.#window = new PageWindow((page) => this.#load(page), limit, MOST_ROWS);
  }

  /** Loads when it is seen first. */
  begin() {
    if (!this.#begun) {
      this.#begun = true;
      this.load();
    }
  }

  async load() {
    this.#become("loading");
    this.element.replaceChildren(el("p", { class: "loading", role: "status" }, "Loading…"));
    try {
      await this.#window.start(this.#cursor);
      this.element.replaceChildren(this.#start, this.#rows, this.#end);
      this.#render();
      this.#become(this.#window.entries.length ? "ready" : "empty");
    } catch (error) {
      this.#fail(error);
    }
  }

  stop() {
    this.#requests.abort();
    this.#previews.stop();
  }

  /** Marks a row as the one that is open beside the list. */
  select(id) {
    this.#links.get(this.#selected)?.removeAttribute("aria-current");
    this.#selected = id;
    this.#links.get(id)?.setAttribute("aria-current", "true");
  }

  /** The link of a row, if it is here. */
  row(id) {
    return this.#links.get(id) ?? null;
  }

  /** The row that has the keyboard, or had it last. */
  get current() {
    return this.#current;
  }

  /** Moves the keyboard by one row; behind the last one the next page is loaded. */
  async step(by) {
    const rows = [...this.#links.values()];
    const at = rows.indexOf(document.activeElement);
    const from = at >= 0 ? at : rows.indexOf(this.#links.get(this.#selected));
    if (from + by >= rows.length && this.#window.hasLater && rows.length) {
      await this.#more("later");
    }
    [...this.#links.values()][Math.max(0, from + by)]?.focus();
  }

  /**
   * The entry in front of or behind another one, in this list as it is filtered; null at its ends.
   */
  async neighbour(id, by) {
    const { entries } = this.#window;
    const at = entries.findIndex((entry) => entry.id === id);
    if (at >= 0 && entries[at + by]) {
      return entries[at + by];
    }
    const page = new URLSearchParams({ limit: 1, [by > 0 ? "after" : "before"]: id });
    return (await this.#load(page)).entries[0] ?? null;
  }

  async #load(page) {
    const query = new URLSearchParams([...this.#filter, ...page]);
    const { entries, hasMore } = await getList([this.#list], query, this.#requests.signal);
    return { entries: entries.map(readEntry), hasMore };
  }

  async #more(direction) {
    this.#rows.setAttribute("aria-busy", "true");
    try {
      await this.#window[direction]();
      holdStill(this.#rows, () => this.#render());
      announce(this.#sum(), true);
    } catch (error) {
      this.#failBelow(error, direction);
    } finally {
      this.#rows.removeAttribute("aria-busy");
    }
  }

  #render() {
    const links = new Map();
    for (const entry of this.#window.entries) {
      links.set(entry.id, this.#links.get(entry.id) ?? this.#row(entry));
    }
    this.#links = links;
    arrange(
      this.#rows,
      [...links.values()].map((link) => link.parentElement),
    );
    this.select(this.#selected);
    const { hasEarlier, hasLater } = this.#window;
    this.#start.replaceChildren(
      ...(hasEarlier
        ? [
            "There are more before these. ",
            button("earlier-rows", "Show them", { click: () => this.#more("earlier") }),
          ]
        : []),
    );
    this.#end.dataset.more = String(hasLater);
    this.#end.replaceChildren(
      el("p", {}, this.#sum()),
      hasLater ? button("more", "Show more", { click: () => this.#more("later") }) : "",
    );
  }

  #row(entry) {
    const link = el(
      "a",
      {
        class: "row",
        "data-row-id": entry.id,
        href: this.#kind.href(entry, this.#filter),
        focus: () => (this.#current = link),
      },
      this.#kind.row(entry),
    );
    el("li", {}, link);
    const place = link.querySelector("[data-preview]");
    if (place) {
      this.#previews.watch(place);
    }
    return link;
  }

  #sum() {
    const { entries, hasLater } = this.#window;
    if (!entries.length) {
      return this.#filter.size
        ? "Nothing matches these filters."
        : `No ${this.#kind.title.toLowerCase()} yet.`;
    }
    const rest = hasLater ? "there are more" : "end of list";
    return `${entries.length} shown, ${rest}${this.#ratings(entries)}`;
  }

  #ratings(entries) {
    if (this.#list !== "feedback") {
      return "";
    }
    const positive = entries.filter((entry) => entry.json.rating === "positive").length;
    return `: ${positive} positive, ${entries.length - positive} negative`;
  }

  #fail(error) {
    if (!this.#requests.signal.aborted) {
      this.element.replaceChildren(errorPanel(error, () => this.load()));
      this.#become("error");
    }
  }

  #failBelow(error, direction) {
    if (!this.#requests.signal.aborted) {
      const place = direction === "later" ? this.#end : this.#start;
      place.replaceChildren(errorPanel(error, () => this.#more(direction)));
    }
  }

  #become(state) {
    this.state = state;
    this.#changed();
  }
}

/** The frame of what is read: its head with the buttons, and its states. */
import { copy } from "./copy.js";
import { announce, button, el } from "./dom.js";
import { errorPanel } from "./error-panel.js";
import { value } from "./marks.js";
import { format } from "./router.js";

export class Reader {
  state = "loading";
  host;
  requests = new AbortController();
  #route;
  #changed;
  #neighbour;

  /**
   * @param {HTMLElement} host
   * @param {object} route see router.js
   * @param {object} page
   * @param {function()} page.changed is called when the state has changed
   * @param {function(string, number): Promise<?object>} page.neighbour the next entry of the list
   */
  constructor(host, route, { changed, neighbour }) {
    this.host = host;
    this.#route = route;
    this.#changed = changed;
    this.#neighbour = neighbour;
  }

  get signal() {
    return this.requests.signal;
  }

  stop() {
    this.requests.abort();
  }

  /** Runs what loads and shows the entry, and shows its failure instead. */
  async run(load) {
    this.become("loading");
    this.host.replaceChildren(el("p", { class: "loading", role: "status" }, "Loading…"));
    try {
      const state = await load();
      this.signal.throwIfAborted();
      this.become(state);
    } catch (error) {
      if (!this.signal.aborted) {
        this.host.replaceChildren(
          this.#back(),
          errorPanel(error, () => this.run(load)),
        );
        this.become("error");
      }
    }
  }

  become(state) {
    this.state = state;
    this.#changed();
  }

  /** @param {Array<HTMLElement>} more buttons of this kind of entry */
  head(title, more = []) {
    const { id } = this.#route;
    return el(
      "header",
      { class: "head" },
      this.#back(),
      el(
        "h2",
        {},
        el("span", { class: "kind" }, title),
        " ",
        el("code", { class: "id" }, value(id)),
      ),
      el(
        "div",
        { class: "actions" },
        button("previous", "← Previous", { click: () => this.go(-1) }),
        button("next", "Next →", { click: () => this.go(1) }),
        el("span", { class: "gap" }),
        button("copy-id", "Copy id", { click: () => copy(id, "Id") }),
        button("copy-link", "Copy link", { click: () => copy(location.href, "Link") }),
        more,
      ),
    );
  }

  /** Goes to the next entry of the list as it is filtered, or to the one before. */
  async go(by) {
    try {
      const { list, id, query } = this.#route;
      const entry = await this.#neighbour(id, by);
      if (this.signal.aborted) {
        return;
      }
      if (entry) {
        location.hash = format({ list, id: entry.id, query });
      } else {
        announce(
          by > 0 ? "This is the last one of the list." : "This is the first one of the list.",
        );
      }
    } catch (error) {
      announce(error.message);
    }
  }

  #back() {
    const { list, query } = this.#route;
    return el("a", { class: "back", href: format({ list, query }) }, "← List");
  }
}

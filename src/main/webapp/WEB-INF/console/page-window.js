/**
 * A window on a list of any length: pages are added at either end by the API's cursors, and those
 * farthest away are let go, so that a page of the browser stays bounded. What was let go is loaded
 * again.
 */
export class PageWindow {
  #load;
  #limit;
  #most;
  #pages = [];
  #busy = new Map();
  #queue = Promise.resolve();

  /** Whether there is more in front of, and behind, the entries here. */
  hasEarlier = false;
  hasLater = true;

  /**
   * @param {function(URLSearchParams): Promise<{entries: Array<{id: string}>, hasMore: boolean}>}
   *     load
   * @param {number} limit entries of a page
   * @param {number} most entries kept
   */
  constructor(load, limit, most) {
    this.#load = load;
    this.#limit = limit;
    this.#most = most;
  }

  get entries() {
    return this.#pages.flat();
  }

  /** Begins at the start of the list, or behind or in front of an entry. */
  start({ after = null, before = null } = {}) {
    return this.#alone("start", async () => {
      const page = await this.#page(before ? { before } : after ? { after } : {});
      this.#pages = [page.entries];
      this.hasEarlier = before ? page.hasMore : Boolean(after);
      this.hasLater = before ? true : page.hasMore;
    });
  }

  /** Begins at an entry, with a page on either side. */
  around(entry) {
    return this.#alone("around", async () => {
      const [before, after] = await Promise.all([
        this.#page({ before: entry.id }),
        this.#page({ after: entry.id }),
      ]);
      this.#pages = [before.entries, [entry], after.entries];
      this.hasEarlier = before.hasMore;
      this.hasLater = after.hasMore;
    });
  }

  later() {
    return this.#alone("later", async () => {
      const last = this.entries.at(-1);
      if (last && this.hasLater) {
        const page = await this.#page({ after: last.id });
        this.#pages.push(page.entries);
        this.hasLater = page.hasMore;
        if (this.#letGo(() => this.#pages.shift())) {
          this.hasEarlier = true;
        }
      }
    });
  }

  earlier() {
    return this.#alone("earlier", async () => {
      const [first] = this.entries;
      if (first && this.hasEarlier) {
        const page = await this.#page({ before: first.id });
        this.#pages.unshift(page.entries);
        this.hasEarlier = page.hasMore;
        if (this.#letGo(() => this.#pages.pop())) {
          this.hasLater = true;
        }
      }
    });
  }

  #letGo(drop) {
    let dropped = false;
    while (this.entries.length > this.#most && this.#pages.length > 1) {
      drop();
      dropped = true;
    }
    return dropped;
  }

  #page(cursor) {
    return this.#load(new URLSearchParams({ limit: this.#limit, ...cursor }));
  }

  /** One after the other; whoever asks for what is on its way waits for it. */
  #alone(name, action) {
    if (!this.#busy.has(name)) {
      this.#queue = this.#queue.then(action, action).finally(() => this.#busy.delete(name));
      this.#busy.set(name, this.#queue);
    }
    return this.#busy.get(name);
  }
}

/**
 * The first words of conversations: the list does not carry them, so each visible row asks for its
 * own.
 */
import { getList } from "./api.js";
import { plainText, readItem } from "./item.js";
import { value } from "./marks.js";
import { beginning } from "./text.js";

/** Requests at a time. */
const MOST = 4;

export class Previews {
  #known = new Map();
  #waiting = new Map();
  #running = new Map();
  #observer = new IntersectionObserver((entries) => this.#seen(entries));

  watch(place) {
    this.#observer.observe(place);
  }

  stop() {
    this.#observer.disconnect();
    this.#waiting.clear();
    this.#running.forEach((request) => request.abort());
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const id = target.dataset.preview;
      if (!isIntersecting) {
        this.#waiting.delete(id);
        this.#running.get(id)?.abort();
      } else if (!this.#known.has(id) && !this.#running.has(id)) {
        this.#waiting.set(id, target);
      }
    }
    this.#next();
  }

  #next() {
    for (const [id, place] of this.#waiting) {
      if (this.#running.size >= MOST) {
        return;
      }
      this.#waiting.delete(id);
      const request = new AbortController();
      this.#running.set(id, request);
      this.#fill(id, place, request.signal).finally(() => {
        this.#running.delete(id);
        this.#next();
      });
    }
  }

  async #fill(id, place, signal) {
    try {
      const query = new URLSearchParams({ limit: 1, order: "asc" });
      const { entries } = await getList(["conversations", id, "items"], query, signal);
      this.#known.set(id, true);
      const words = entries.length ? beginning(plainText(readItem(entries[0]))) : "No items";
      place.classList.toggle("nothing", entries.length === 0);
      place.replaceChildren(value(words || readItem(entries[0]).title));
      this.#observer.unobserve(place);
    } catch (fault) {
      if (!signal.aborted) {
        place.classList.add("nothing");
        place.replaceChildren("First words could not be read");
      }
    }
  }
}

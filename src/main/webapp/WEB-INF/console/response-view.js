/**
 * One response: its input and output, every member that was recorded, its feedback and its chain.
 */
import { getList, getText } from "./api.js";
import { listenToCards } from "./card-actions.js";
import { card } from "./card.js";
import { button, el } from "./dom.js";
import { errorPanel } from "./error-panel.js";
import { facts, idLink, metadata, showFacts, time } from "./facts.js";
import { readItem } from "./item.js";
import { elements, indent, members } from "./json.js";
import { feedbackWords, readEntry } from "./kinds.js";
import { value } from "./marks.js";
import { Reader } from "./reader.js";
import { format } from "./router.js";
import { statusMark } from "./status.js";
import { asCode, cut } from "./text.js";
import { pairs, Transcript } from "./transcript.js";
import { copy } from "./copy.js";

/** Responses of a chain that are shown; each carries its output. */
const CHAIN = 10;

export class ResponseView {
  reader;
  #route;
  #input;

  constructor(host, route, page) {
    this.reader = new Reader(host, route, page);
    this.#route = route;
  }

  load() {
    return this.reader.run(async () => {
      const { id } = this.#route;
      const raw = await getText(["responses", id], undefined, this.reader.signal);
      this.#input = this.#newInput();
      await this.#show(raw);
      return "ready";
    });
  }

  stop() {
    this.reader.stop();
  }

  open(route) {
    this.#route = route;
  }

  /** Moves the keyboard by one card, over input and output alike. */
  step(by) {
    const articles = [...this.reader.host.querySelectorAll("article.card")];
    const next = articles[articles.indexOf(document.activeElement?.closest("article")) + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  }

  #show(raw) {
    const { reader } = this;
    const fields = new Map(members(raw).map((member) => [member.name, member.raw]));
    const { json } = readEntry(raw);
    const parts = {
      input: part("Input", "input", this.#input.element),
      output: part("Output", "output", this.#output(fields.get("output") ?? "[]")),
      feedback: part("Feedback", "response-feedback", el("div")),
      chain: part("Chain", "chain", el("div")),
      all: part("All members", "members", allMembers(raw)),
    };
    const side = el("section", {
      class: "side",
      "data-role": "facts",
      "aria-label": "Facts",
      tabindex: "0",
    });
    showFacts(side, this.#facts(json));
    reader.host.replaceChildren(
      reader.head("Response", [
        button("copy-json", "Copy JSON", { click: () => copy(raw, "JSON") }),
      ]),
      el(
        "div",
        { class: "columns" },
        el("div", { class: "transcript" }, Object.values(parts)),
        side,
      ),
    );
    return Promise.all([
      this.#fill(parts.input, () => this.#input.start()),
      this.#fill(parts.feedback, () => this.#feedback(parts.feedback.lastChild)),
      this.#fill(parts.chain, () => this.#chain(parts.chain.lastChild)),
    ]);
  }

  /** Loads a part by itself: what fails there is said there. */
  async #fill(place, load) {
    try {
      await load();
    } catch (error) {
      if (!this.reader.signal.aborted) {
        const panel = errorPanel(error, () => {
          panel.remove();
          this.#fill(place, load);
        });
        place.append(panel);
      }
    }
  }

  #newInput() {
    return new Transcript(
      {
        segments: ["responses", this.#route.id, "input_items"],
        role: "input-items",
        whole: "input",
        linkOf: null,
        segmentsOf: () => ["responses", this.#route.id, "input_items"],
        shown: null,
      },
      this.reader.requests,
    );
  }

  #output(raw) {
    const shown = new WeakMap();
    const holder = el("div", { class: "cards" });
    for (const { item, output } of pairs(elements(raw).map(readItem))) {
      const article = card(item, output);
      shown.set(article, output ? [item, output] : [item]);
      holder.append(article);
    }
    listenToCards(
      holder,
      (article) => shown.get(article),
      () => ["responses", this.#route.id],
    );
    return holder.children.length ? holder : el("p", { class: "nothing" }, "No output.");
  }

  async #feedback(place) {
    const query = new URLSearchParams({ order: "asc", limit: 100 });
    const { entries, hasMore } = await getList(
      ["responses", this.#route.id, "feedback"],
      query,
      this.reader.signal,
    );
    place.replaceChildren(
      ...entries
        .map(readEntry)
        .map((feedback) =>
          el(
            "div",
            { class: "feedback", "data-feedback-id": feedback.id },
            feedbackWords(feedback),
          ),
        ),
      el(
        "p",
        { class: "nothing" },
        `${entries.length} shown, ${hasMore ? "there is more" : "no more"}.`,
      ),
    );
  }

  async #chain(place) {
    const query = new URLSearchParams({ limit: CHAIN });
    const { entries, hasMore } = await getList(
      ["responses", this.#route.id, "chain"],
      query,
      this.reader.signal,
    );
    const links = entries.map(readEntry).map(({ id }) => {
      const link = idLink(format({ list: "responses", id }), id);
      if (id === this.#route.id) {
        link.setAttribute("aria-current", "page");
      }
      return el("li", {}, link);
    });
    place.replaceChildren(
      hasMore
        ? el(
            "p",
            { class: "nothing" },
            `The last ${entries.length} are shown, there are earlier ones.`,
          )
        : "",
      el("ol", { class: "chain" }, links),
    );
  }

  #facts(json) {
    const usage = json.usage ?? {};
    const { conversation, previous_response_id: previous } = json;
    return facts([
      ["Status", json.status ? statusMark(json.status) : null],
      ["Model", json.model],
      ["Created", time(json.created_at)],
      ["Completed", time(json.completed_at)],
      ["Input tokens", usage.input_tokens],
      ["of which cached", usage.input_tokens_details?.cached_tokens],
      ["Output tokens", usage.output_tokens],
      ["of which reasoning", usage.output_tokens_details?.reasoning_tokens],
      ["Total tokens", usage.total_tokens],
      [
        "Conversation",
        conversation?.id ? idLink(this.#inConversation(conversation.id), conversation.id) : null,
      ],
      [
        "Previous response",
        previous ? idLink(format({ list: "responses", id: previous }), previous) : null,
      ],
      ["User", json.user],
      ["Safety identifier", json.safety_identifier],
      ["Error", json.error ? `${json.error.code}: ${json.error.message}` : null],
      ["Metadata", metadata(json.metadata)],
    ]);
  }

  #inConversation(id) {
    return format({ list: "conversations", id, response: this.#route.id });
  }
}

function part(title, role, content) {
  return el("section", { "data-role": role }, el("h2", {}, title), content);
}

function allMembers(raw) {
  return el(
    "dl",
    { class: "members" },
    members(raw).map(({ name, raw: text }) => [
      el("dt", {}, value(name)),
      el("dd", {}, cut(indent(text), asCode)),
    ]),
  );
}

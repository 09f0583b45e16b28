/**
 * One conversation: its transcript, and beside it what is known of it, its responses and its
 * feedback.
 */
import { getText } from "./api.js";
import { button, el } from "./dom.js";
import { exportConversation } from "./export.js";
import { facts, idLink, metadata, showFacts, time } from "./facts.js";
import { feedbackWords, readEntry, tokens } from "./kinds.js";
import { value } from "./marks.js";
import { Reader } from "./reader.js";
import { format, replace } from "./router.js";
import { statusMark } from "./status.js";
import { TurnIndex } from "./turn-index.js";
import { Transcript } from "./transcript.js";

export class ConversationView {
  reader;
  #route;
  #transcript;
  #turns;
  #conversation;
  #side = el("section", {
    class: "side",
    "data-role": "facts",
    "aria-label": "Facts",
    tabindex: "0",
  });

  constructor(host, route, page) {
    this.reader = new Reader(host, route, page);
    this.#route = route;
  }

  load() {
    return this.reader.run(async () => {
      const { signal } = this.reader;
      const { id } = this.#route;
      this.#turns = new TurnIndex(id, signal);
      this.#transcript?.stop();
      this.#transcript = this.#newTranscript();
      const [raw] = await Promise.all([
        getText(["conversations", id], undefined, signal),
        this.#itemToOpen().then((item) => this.#transcript.start(item)),
      ]);
      this.#conversation = readEntry(raw);
      this.#show();
      return this.#transcript.entries.length ? "ready" : "empty";
    });
  }

  stop() {
    this.reader.stop();
    this.#transcript?.stop();
  }

  /** Moves to another item of the same conversation. */
  open(route) {
    const article = route.item && this.#transcript?.find(route.item);
    this.#route = route;
    if (article) {
      this.#transcript.reveal(article);
    } else if (route.item || route.response) {
      this.load();
    }
  }

  step(by) {
    return this.#transcript?.step(by);
  }

  /** A link from feedback names the response; the message is the last one of its output. */
  async #itemToOpen() {
    const { item, response } = this.#route;
    if (item || !response) {
      return item;
    }
    const found = await this.#turns.messageOf(response);
    if (found) {
      this.#route = { ...this.#route, item: found, response: null };
      replace(this.#route);
    }
    return found;
  }

  #newTranscript() {
    const { id } = this.#route;
    return new Transcript(
      {
        segments: ["conversations", id, "items"],
        role: "transcript",
        whole: "conversation",
        linkOf: (item) => format({ list: "conversations", id, query: this.#route.query, item }),
        segmentsOf: (item) => ["conversations", id, "items", item.id],
        shown: () => this.#annotate(),
      },
      this.reader.requests,
    );
  }

  #show() {
    const { reader } = this;
    const save = button("export", "Export", {
      click: () => exportConversation(this.#route.id, save, reader.signal),
    });
    reader.host.replaceChildren(
      reader.head("Conversation", [save]),
      el("div", { class: "columns" }, this.#transcript.element, this.#side),
    );
    this.#facts();
    const opened = this.#route.item && this.#transcript.find(this.#route.item);
    if (opened) {
      this.#transcript.reveal(opened);
    }
    this.#transcript.follow();
    this.#annotate().then(() => {
      // What was added to the cards, feedback above all, is meant to be seen.
      if (
        opened &&
        document.activeElement === opened &&
        opened.getBoundingClientRect().top < window.innerHeight
      ) {
        this.#transcript.reveal(opened);
      }
    });
  }

  /** Asks for what is known of the cards that are there; it comes after them and moves none. */
  async #annotate() {
    if (!this.#conversation) {
      return;
    }
    try {
      await this.#turns.cover(this.#transcript.entries);
    } catch (error) {
      if (!this.reader.signal.aborted) {
        this.#turns.fault = error;
      }
    }
    if (!this.reader.signal.aborted) {
      this.#transcript.change((articles) => articles.forEach((article) => this.#mark(article)));
      this.#facts();
    }
  }

  #mark(article) {
    const ids = [article.dataset.itemId, article.dataset.outputId].filter(Boolean);
    const turn = ids.map((id) => this.#turns.responseEndingWith(id)).find(Boolean);
    const meta = article.querySelector(".meta");
    if (turn && !meta.querySelector(".turn")) {
      meta.prepend(turnWords(turn));
    }
    for (const feedback of ids.flatMap((id) => this.#turns.feedbackOf(id))) {
      if (!meta.querySelector(`[data-feedback-id="${CSS.escape(feedback.id)}"]`)) {
        meta.append(
          el(
            "div",
            { class: "feedback", "data-feedback-id": feedback.id },
            feedbackWords(feedback),
          ),
        );
      }
    }
  }

  #facts() {
    const { json } = this.#conversation;
    const turns = this.#turns;
    showFacts(
      this.#side,
      facts([
        ["Created", time(json.created_at)],
        [
          "Models",
          turns.models.length ? turns.models.map((model) => el("div", {}, value(model))) : null,
        ],
        ["Tokens", turns.responses.length ? tokens(turns.total) : null],
        ["Responses", turns.responses.length ? this.#responses() : null],
        ["Feedback", turns.feedback.length ? this.#feedback() : null],
        ["Not read", turns.fault ? turns.fault.message : null],
        ["Metadata", metadata(json.metadata)],
      ]),
    );
  }

  #responses() {
    const { responses, hasMoreResponses } = this.#turns;
    const count = responses.length === 1 ? "1 response" : `${responses.length} responses`;
    const query = new URLSearchParams({ conversation: this.#route.id });
    return [
      el("span", {}, `${count}, ${hasMoreResponses ? "there are more" : "all shown"}. `),
      el("a", { href: format({ list: "responses", query }) }, "List"),
    ];
  }

  #feedback() {
    const { id, query } = this.#route;
    return [
      this.#turns.feedback.map((feedback) => {
        const item = this.#turns.itemOf(feedback);
        const href = item
          ? format({ list: "conversations", id, query, item })
          : format({ list: "responses", id: feedback.json.response_id });
        return el("a", { class: "feedback", href }, feedbackWords(feedback));
      }),
      this.#turns.hasMoreFeedback ? el("p", {}, "The oldest are shown, there is more. ") : null,
      el(
        "a",
        { href: format({ list: "feedback", query: new URLSearchParams({ conversation_id: id }) }) },
        "List",
      ),
    ];
  }
}

function turnWords({ json, id }) {
  return el(
    "div",
    { class: "turn" },
    json.model ? el("b", {}, value(json.model)) : null,
    tokens(json.usage),
    json.status === "completed" ? null : statusMark(json.status),
    idLink(format({ list: "responses", id }), id),
  );
}

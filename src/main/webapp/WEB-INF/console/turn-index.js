/**
 * Which response an item came from, and which feedback belongs to it. The API lists responses and
 * feedback of a conversation; an item and its response meet by the item's id.
 */
import { getList, getText } from "./api.js";
import { readEntry } from "./kinds.js";
import { elements, member } from "./json.js";

/** Responses carry their output, so a page has few. */
const RESPONSES = 20;

/** Feedback that is looked for in a conversation. */
const FEEDBACK = 100;

export class TurnIndex {
  fault = null;
  responses = [];
  hasMoreResponses = true;
  feedback = [];
  hasMoreFeedback = false;
  #conversation;
  #signal;
  #byItem = new Map();
  #messages = new Map();
  #covering = Promise.resolve();
  #hasFeedback = false;

  constructor(conversation, signal) {
    this.#conversation = conversation;
    this.#signal = signal;
  }

  /** Reads on, until a page of responses brought nothing for these items; feedback is read once. */
  cover(items) {
    const begin = () => this.#cover(items);
    this.#covering = this.#covering.then(begin, begin);
    return this.#covering;
  }

  /** The response whose output ends with this item. */
  responseEndingWith(itemId) {
    const response = this.#byItem.get(itemId);
    return response?.last === itemId ? response : null;
  }

  feedbackOf(itemId) {
    return this.feedback.filter((feedback) => this.itemOf(feedback) === itemId);
  }

  itemOf(feedback) {
    return this.#messages.get(feedback.json.response_id) ?? null;
  }

  get models() {
    return [
      ...new Set(
        this.responses.map(({ json }) => json.model).filter((model) => typeof model === "string"),
      ),
    ];
  }

  /** Tokens of the responses that were read. */
  get total() {
    const sum = (name) =>
      this.responses.reduce((total, { json }) => total + (Number(json.usage?.[name]) || 0), 0);
    return { input_tokens: sum("input_tokens"), output_tokens: sum("output_tokens") };
  }

  /**
   * The item that people mean by a response: the last message of its output, else its last item.
   */
  async messageOf(responseId) {
    if (!this.#messages.has(responseId)) {
      const raw = await getText(["responses", responseId], undefined, this.#signal);
      this.#read(readEntry(raw));
    }
    return this.#messages.get(responseId);
  }

  async #cover(items) {
    await this.#readFeedback();
    const wanted = items.filter((item) => item.json.role !== "user" && !this.#byItem.has(item.id));
    let before = wanted.length;
    while (before > 0 && this.hasMoreResponses) {
      await this.#readResponses();
      const left = wanted.filter((item) => !this.#byItem.has(item.id)).length;
      if (left === before) {
        break;
      }
      before = left;
    }
  }

  async #readResponses() {
    const query = new URLSearchParams({
      conversation: this.#conversation,
      order: "asc",
      limit: RESPONSES,
    });
    if (this.responses.length) {
      query.set("after", this.responses.at(-1).id);
    }
    const { entries, hasMore } = await getList(["responses"], query, this.#signal);
    for (const entry of entries.map(readEntry)) {
      this.responses.push({ id: entry.id, json: { ...entry.json, output: undefined } });
      this.#read(entry);
    }
    this.hasMoreResponses = hasMore;
  }

  async #readFeedback() {
    if (this.#hasFeedback) {
      return;
    }
    const query = new URLSearchParams({
      conversation_id: this.#conversation,
      order: "asc",
      limit: FEEDBACK,
    });
    const { entries, hasMore } = await getList(["feedback"], query, this.#signal);
    this.feedback = entries.map(readEntry);
    this.hasMoreFeedback = hasMore;
    this.#hasFeedback = true;
    const responses = [...new Set(this.feedback.map(({ json }) => json.response_id))];
    for (let at = 0; at < responses.length; at += 4) {
      await Promise.allSettled(responses.slice(at, at + 4).map((id) => this.messageOf(id)));
    }
  }

  #read({ id, json, raw }) {
    const output = elements(member(raw, "output") ?? "[]").map((item) => JSON.parse(item));
    const response = { id, json: { ...json, output: undefined }, last: output.at(-1)?.id };
    output.forEach((item) => this.#byItem.set(item.id, response));
    const message = output.findLast((item) => item.type === "message") ?? output.at(-1);
    this.#messages.set(id, message?.id ?? null);
  }
}

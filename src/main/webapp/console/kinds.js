/** The three lists of the API: their filters, and what a row of each says. */
import { el } from "./dom.js";
import { plainText, readItem } from "./item.js";
import { elements, member } from "./json.js";
import { value } from "./marks.js";
import { format } from "./router.js";
import { beginning } from "./text.js";
import { shortTime } from "./time.js";

const TIMES = [
  { name: "created_after", label: "Created after", hint: "2026-11-28 15:00, or seconds" },
  { name: "created_before", label: "Created before", hint: "2026-11-28 15:00, or seconds" },
];

/** An entry of a list as the API answered it. */
export function readEntry(raw) {
  const json = JSON.parse(raw);
  return { raw, json, id: String(json.id ?? "") };
}

export const KINDS = {
  conversations: {
    title: "Conversations",
    one: "conversation",
    limit: 40,
    metadata: true,
    filters: TIMES,
    href: (entry, query) => format({ list: "conversations", id: entry.id, query }),
    row: ({ json, id }) => [
      el("span", { class: "words", dir: "auto", "data-preview": id }),
      el("span", { class: "line" }, shortTime(json.created_at), el("code", { class: "id" }, value(id))),
      chips(json.metadata),
    ],
  },
  responses: {
    title: "Responses",
    one: "response",
    limit: 20,
    metadata: true,
    filters: [
      { name: "model", label: "Model" },
      { name: "status", label: "Status", choices: ["completed", "incomplete", "failed", "cancelled"] },
      { name: "conversation", label: "Conversation" },
      { name: "safety_identifier", label: "Safety identifier" },
      { name: "user", label: "User" },
      ...TIMES,
    ],
    href: (entry, query) => format({ list: "responses", id: entry.id, query }),
    row: ({ json, id, raw }) => [
      el(
        "span",
        { class: "line" },
        shortTime(json.created_at),
        json.model ? el("b", {}, value(json.model)) : null,
        el("span", { class: "status", "data-status": json.status }, value(json.status ?? "no status")),
        tokens(json.usage),
      ),
      el("span", { class: "words", dir: "auto" }, value(firstWords(raw))),
      el(
        "span",
        { class: "line small" },
        el("code", { class: "id" }, value(id)),
        json.user ? ["user ", value(json.user)] : null,
        json.safety_identifier ? ["safety id ", value(json.safety_identifier)] : null,
        json.conversation?.id ? ["in ", el("code", { class: "id" }, value(json.conversation.id))] : null,
      ),
      chips(json.metadata),
    ],
  },
  feedback: {
    title: "Feedback",
    one: "feedback",
    limit: 40,
    metadata: false,
    filters: [
      { name: "rating", label: "Rating", choices: ["positive", "negative"] },
      { name: "model", label: "Model" },
      { name: "author", label: "Author" },
      { name: "response_id", label: "Response" },
      { name: "conversation_id", label: "Conversation" },
      ...TIMES,
    ],
    href: ({ json }) =>
      json.conversation_id
        ? format({ list: "conversations", id: json.conversation_id, response: json.response_id })
        : format({ list: "responses", id: String(json.response_id) }),
    row: (entry) => [...feedbackWords(entry), chips(entry.json.metadata)],
  },
};

/** What a feedback says, in a list and at its message. */
export function feedbackWords({ json }) {
  return [
    el(
      "span",
      { class: "line" },
      el("b", { class: "rating", "data-rating": json.rating }, json.rating === "positive" ? "▲ " : "▼ ", value(json.rating)),
      shortTime(json.created_at),
      json.author ? ["by ", value(json.author)] : null,
      json.model ? ["on ", value(json.model)] : null,
    ),
    json.comment
      ? el("span", { class: "comment", dir: "auto" }, value(json.comment))
      : el("span", { class: "nothing" }, "No comment"),
  ];
}

/** Tokens of a response, in and out. */
export function tokens(usage) {
  return usage && typeof usage === "object"
    ? el("span", { class: "tokens" }, value(usage.input_tokens ?? "?"), " → ", value(usage.output_tokens ?? "?"), " tokens")
    : null;
}

export function chips(metadata) {
  const pairs = Object.entries(metadata ?? {});
  return pairs.length
    ? el(
        "span",
        { class: "chips" },
        pairs.map(([name, text]) => el("span", { class: "chip" }, value(name), " = ", value(text))),
      )
    : null;
}

function firstWords(raw) {
  const message = elements(member(raw, "output") ?? "[]")
    .map(readItem)
    .find((item) => item.type === "message");
  return message ? beginning(plainText(message)) : "";
}

/** The three lists of the API: their filters, and what a row of each says. */
import { el } from "./dom.js";
import { plainText, readItem } from "./item.js";
import { elements, member } from "./json.js";
import { value } from "./marks.js";
import { format } from "./router.js";
import { statusMark } from "./status.js";
import { beginning } from "./text.js";
import { shortTime } from "./time.js";

const HINT = "2026-11-28 15:04";

const TIMES = [
  { name: "created_after", label: "Created after", hint: HINT },
  { name: "created_before", label: "Created before", hint: HINT },
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
      el(
        "span",
        { class: "line" },
        shortTime(json.created_at),
        el("code", { class: "id" }, value(id)),
      ),
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
      {
        name: "status",
        label: "Status",
        choices: ["completed", "incomplete", "failed", "cancelled", "in_progress"],
      },
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
        statusMark(json.status),
        tokens(json.usage),
      ),
      el("span", { class: "words", dir: "auto" }, value(firstWords(raw, json))),
      el(
        "span",
        { class: "line small" },
        el("code", { class: "id" }, value(id)),
        json.user ? el("span", {}, "user ", value(json.user)) : null,
        json.safety_identifier ? el("span", {}, "safety id ", value(json.safety_identifier)) : null,
        json.conversation?.id ? el("code", { class: "id" }, value(json.conversation.id)) : null,
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
      el(
        "b",
        { class: "rating", "data-rating": json.rating },
        json.rating === "positive" ? "▲ " : "▼ ",
        value(json.rating),
      ),
      shortTime(json.created_at),
      json.author ? el("span", {}, "by ", value(json.author)) : null,
      json.model ? el("span", {}, "on ", value(json.model)) : null,
    ),
    json.comment
      ? el("span", { class: "comment", dir: "auto" }, value(json.comment))
      : el("span", { class: "nothing" }, "No comment"),
  ];
}

/** Tokens of a response, in and out. */
export function tokens(usage) {
  return usage && typeof usage === "object"
    ? el(
        "span",
        { class: "tokens" },
        value(usage.input_tokens ?? "?"),
        " → ",
        value(usage.output_tokens ?? "?"),
        " tokens",
      )
    : null;
}

function chips(metadata) {
  const pairs = Object.entries(metadata ?? {});
  return pairs.length
    ? el(
        "span",
        { class: "chips" },
        pairs.map(([name, text]) => el("span", { class: "chip" }, value(name), " = ", value(text))),
      )
    : null;
}

/** What the model said; else what went wrong, or what it called. */
function firstWords(raw, json) {
  const items = elements(member(raw, "output") ?? "[]").map(readItem);
  const message = items.find((item) => item.type === "message");
  if (message) {
    return beginning(plainText(message));
  }
  const called = items
    .filter((item) => item.isCall)
    .map((item) => `${item.title}: ${item.json.name ?? ""}`);
  return beginning(json.error?.message ?? called.join(", "));
}

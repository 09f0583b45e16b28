/**
 * One item as a card: as formatted, as stored, or as the API's JSON. A call's output is in its
 * card.
 */
import { button, el } from "./dom.js";
import { formatted } from "./format.js";
import { plainText } from "./item.js";
import { indent, indentIfJson } from "./json.js";
import { linkTo, webAddress } from "./links.js";
import { value } from "./marks.js";
import { placeholder } from "./media.js";
import { asCode, asStored, cut } from "./text.js";

const VIEWS = [
  ["formatted", "Formatted"],
  ["stored", "Stored"],
  ["raw", "JSON"],
];

/** What the reader calls roles; others are shown as they are. */
const ROLES = {
  user: "User",
  assistant: "Assistant",
  system: "System",
  developer: "Developer",
  tool: "Tool",
};

/**
 * @param {object} item see item.js
 * @param {?object} output the item that has the output of this call
 * @param {?string} link the address of this item in the page
 */
export function card(item, output = null, link = null) {
  const article = el(
    "article",
    {
      class: "card",
      tabindex: "-1",
      "data-item-id": item.id,
      "data-type": item.type,
      "data-tone": item.tone,
      "data-output-id": output?.id,
      "aria-label": name(item).join(" "),
    },
    header(item, link),
  );
  article.append(body(item), el("footer", { class: "meta" }));
  show(article, [item, output].filter(Boolean), "formatted");
  return article;
}

/** Shows one of the three views of a card, and makes it when it is asked for first. */
export function show(article, items, view) {
  const body = article.querySelector(".body");
  if (!body.querySelector(`:scope > [data-part="${view}"]`)) {
    body.append(
      el(
        "div",
        { "data-part": view },
        items.map((item, index) => PARTS[view](item, index)),
      ),
    );
  }
  for (const part of body.querySelectorAll(":scope > [data-part]")) {
    part.hidden = part.dataset.part !== view;
  }
  for (const [action] of VIEWS) {
    article
      .querySelector(`[data-action="${action}"]`)
      .setAttribute("aria-pressed", action === view);
  }
  if (view !== "formatted" && body.localName === "details") {
    body.open = true;
  }
}

/** The items' JSON as the API gave it; a call and its output are an array. */
export function rawJson(items) {
  return items.length === 1 ? items[0].raw : `[${items.map((item) => item.raw).join(",\n")}]`;
}

export function storedText(items) {
  return items.map(plainText).join("\n\n");
}

function name({ json, title, type }) {
  if (type === "message") {
    return [ROLES[json.role] ?? String(json.role ?? "no role"), json.phase].filter(
      (word) => typeof word === "string",
    );
  }
  return [title];
}

function header(item, link) {
  const { json } = item;
  const called = [json.namespace, json.name].filter((word) => typeof word === "string").join(".");
  return el(
    "header",
    {},
    el(
      "h3",
      {},
      name(item).map((word, index) => [index ? " · " : "", value(word)]),
    ),
    called ? el("code", { class: "called" }, value(called)) : null,
    typeof json.server_label === "string"
      ? el("span", { class: "server" }, "on ", value(json.server_label))
      : null,
    typeof json.status === "string" && json.status !== "completed"
      ? el("span", { class: "status" }, value(json.status))
      : null,
    actions(),
    link
      ? el("a", { class: "permalink", href: link, "aria-label": "Link to this item" }, "#")
      : null,
  );
}

function body(item) {
  return item.tone === "reasoning"
    ? el("details", { class: "body" }, el("summary", {}, "Show what the model thought"))
    : el("div", { class: "body" });
}

function actions() {
  return el(
    "div",
    { class: "actions", role: "group", "aria-label": "View and copy" },
    VIEWS.map(([action, label]) => button(action, label, { "aria-pressed": "false" })),
    el("span", { class: "copy" }, "Copy"),
    button("copy-text", "Text", { "aria-label": "Copy text" }),
    button("copy-json", "JSON", { "aria-label": "Copy JSON" }),
    button("copy-curl", "cURL", { "aria-label": "Copy cURL" }),
  );
}

const PARTS = {
  formatted: (item, index) => section(item, index, (block) => readable(block)),
  stored: (item, index) => section(item, index, (block) => stored(block)),
  raw: (item) => el("div", { class: "raw" }, cut(indent(item.raw), asCode)),
};

function section(item, index, show) {
  const labelled = item.blocks.length > 1 || item.tone === "tool";
  return el(
    "div",
    { class: index ? "section output" : "section" },
    index ? el("h4", {}, item.title) : null,
    item.blocks.length ? null : el("p", { class: "nothing" }, "Empty"),
    item.blocks.map((block) => [
      (labelled || block.how === "links") && block.name && !unlabelled(block)
        ? el("div", { class: "label" }, value(block.name))
        : null,
      show(block),
    ]),
  );
}

function unlabelled({ how, name }) {
  return how === "media" || (how === "prose" && (name === "content" || name === "summary"));
}

function readable(block) {
  switch (block.how) {
    case "prose":
      return cut(block.text, formatted);
    case "code": {
      const json = indentIfJson(block.text);
      return json === null ? cut(block.text) : cut(json, asCode);
    }
    case "media":
      return [
        el("p", {}, placeholder(block.name, block.content, block.words)),
        block.rest.map((rest) => [el("div", { class: "label" }, value(rest.name)), readable(rest)]),
      ];
    case "data":
      return el("p", {}, placeholder("Data", block.text));
    case "links":
      return el("ul", { class: "sources" }, block.links.map(source));
    default:
      return cut(indent(block.raw), asCode);
  }
}

function source({ url, title }) {
  const words = value(typeof title === "string" && title ? title : url);
  const address = webAddress(url);
  return el("li", {}, address ? linkTo(address, words) : words);
}

function stored(block) {
  if (block.how === "media") {
    return readable(block);
  }
  return block.text === undefined ? cut(indent(block.raw), asCode) : cut(block.text, asStored);
}

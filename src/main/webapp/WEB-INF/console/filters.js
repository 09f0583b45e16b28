/** The filters of a list: a form with the API's own names, and those that are set as chips. */
import { button, el } from "./dom.js";
import { KINDS } from "./kinds.js";
import { value } from "./marks.js";
import { secondsOf } from "./time.js";

/** Metadata may be asked for by this many pairs at once. */
const MOST_PAIRS = 16;

/** Where the form takes much of the screen it is folded. */
const roomy = window.matchMedia("(min-width: 700px)");

const TIMES = ["created_after", "created_before"];

/**
 * Made anew for each list; whoever was typing in it goes on where they were.
 *
 * @param {HTMLElement} bar
 * @param {string} list
 * @param {URLSearchParams} query that is set
 * @param {function(URLSearchParams)} apply
 */
export function showFilters(bar, list, query, apply) {
  const focused = bar.contains(document.activeElement) ? document.activeElement : null;
  bar.replaceChildren(...filters(list, query, apply));
  if (focused) {
    const name = focused.name ? `[name="${focused.name}"]` : "input";
    (bar.querySelector(name) ?? bar.querySelector("button")).focus();
  }
}

function filters(list, query, apply) {
  const kind = KINDS[list];
  const form = el(
    "form",
    {
      "data-role": "filters",
      "aria-label": `Filters of ${kind.title.toLowerCase()}`,
      autocomplete: "off",
      submit: (event) => {
        event.preventDefault();
        apply(readForm(form, kind, query));
      },
    },
    kind.filters.map((filter) => field(list, filter, query)),
    kind.metadata ? metadataFields(query) : null,
    order(query, () => form.requestSubmit()),
    el("button", { type: "submit", class: "primary" }, "Filter"),
  );
  const folded = el("details", { open: roomy.matches }, el("summary", {}, "Filters"), form);
  return [folded, chips(query, apply)];
}

function field(list, { name, label, hint, choices }, query) {
  const options = choices ? `${list}-${name}-choices` : null;
  return el(
    "label",
    {},
    el("span", {}, label),
    el("input", {
      name,
      value: query.get(name),
      placeholder: hint,
      list: options,
      size: hint ? 14 : 10,
      title: hint ? "A time of yours, in UTC with a Z at its end, or in seconds since 1970" : null,
      dir: "auto",
    }),
    choices
      ? el(
          "datalist",
          { id: options },
          choices.map((choice) => el("option", { value: choice })),
        )
      : null,
  );
}

function metadataFields(query) {
  const set = [...query]
    .map(([name, text]) => [metadataKey(name), text])
    .filter(([key]) => key !== null);
  const pairs = el("span", { class: "pairs" }, (set.length ? set : [["", ""]]).map(pair));
  const add = button("add-pair", "+", {
    "aria-label": "One more pair of metadata",
    title: "One more pair of metadata",
    click: () => {
      if (pairs.children.length < MOST_PAIRS) {
        const added = pair(["", ""]);
        pairs.append(added);
        added.querySelector("input").focus();
      }
    },
  });
  return el(
    "div",
    { class: "group", role: "group", "aria-label": "Metadata" },
    el("span", {}, "Metadata"),
    el("div", {}, pairs, add),
  );
}

function pair([key, text]) {
  return el(
    "span",
    { class: "pair" },
    el("input", {
      name: "metadata-key",
      value: key,
      placeholder: "key",
      "aria-label": "Metadata key",
      size: 8,
      dir: "auto",
    }),
    "=",
    el("input", {
      name: "metadata-value",
      value: text,
      placeholder: "value",
      "aria-label": "Metadata value",
      size: 10,
      dir: "auto",
    }),
  );
}

function order(query, change) {
  const select = el(
    "select",
    { name: "order", change },
    el("option", { value: "desc" }, "Newest first"),
    el("option", { value: "asc" }, "Oldest first"),
  );
  select.value = query.get("order") === "asc" ? "asc" : "desc";
  return el("label", {}, el("span", {}, "Order"), select);
}

function readForm(form, kind, before) {
  const query = new URLSearchParams();
  for (const { name } of kind.filters) {
    const text = form.elements[name].value.trim();
    if (text) {
      query.set(name, TIMES.includes(name) ? secondsOf(text) : text);
    }
  }
  for (const holder of form.querySelectorAll(".pair")) {
    const [key, text] = Array.from(holder.querySelectorAll("input"), (input) => input.value);
    if (key) {
      query.set(`metadata[${key}]`, text);
    }
  }
  if (form.elements.order.value === "asc") {
    query.set("order", "asc");
  }
  if (before.has("limit")) {
    query.set("limit", before.get("limit"));
  }
  return query;
}

function chips(query, apply) {
  const set = [...query].filter(([name]) => !["order", "limit", "after", "before"].includes(name));
  return el(
    "div",
    { class: "chips set", role: "group", "aria-label": "Set filters", hidden: set.length === 0 },
    set.map(([name, text]) =>
      el(
        "span",
        { class: "chip", "data-chip": name },
        value(metadataKey(name) ?? name.replaceAll("_", " ")),
        " = ",
        value(TIMES.includes(name) ? readableTime(text) : text),
        " ",
        button("remove-filter", "×", {
          "aria-label": `Remove the filter ${name}`,
          click: () => {
            const rest = new URLSearchParams(query);
            ["after", "before", name].forEach((gone) => rest.delete(gone));
            apply(rest);
          },
        }),
      ),
    ),
  );
}

function readableTime(text) {
  const date = /^\d{1,12}$/.test(text) ? new Date(Number(text) * 1000) : null;
  return date && !Number.isNaN(date.getTime())
    ? date.toISOString().slice(0, 19).replace("T", " ") + " UTC"
    : text;
}

function metadataKey(name) {
  return name.startsWith("metadata[") && name.endsWith("]") ? name.slice(9, -1) : null;
}

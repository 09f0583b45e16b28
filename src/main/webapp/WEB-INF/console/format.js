/**
 * Formats the Markdown that models write: code, headings, lists, quotes, tables, bold, links. It
 * goes once over the lines and never back, so that no stored text can make it slow; what it does
 * not know it shows as it is.
 */
import { el } from "./dom.js";
import { inline } from "./inline.js";
import { asCode, asStored } from "./text.js";

/** Longer texts are shown as stored. */
const LONGEST = 100_000;

/** Quotes in quotes are indented this often at most. */
const DEEPEST = 4;

/** @returns {DocumentFragment} the text as formatted */
export function formatted(text) {
  if (text.length > LONGEST) {
    return asStored(text);
  }
  const fragment = document.createDocumentFragment();
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) {
    at = block(lines, at, fragment);
  }
  return fragment;
}

/** Adds the block that begins at a line, and tells the line behind it. */
function block(lines, at, parent) {
  const line = lines[at];
  const words = line.trim();
  if (words === "") {
    return at + 1;
  }
  if (fence(words)) {
    return code(lines, at, parent);
  }
  if (words[0] === "#") {
    const level = /^#{1,6}(?= )/.exec(words)?.[0].length;
    if (level) {
      parent.append(paragraph(words.slice(level + 1), `heading heading-${level}`));
      return at + 1;
    }
  }
  if (/^(?:-{3,}|\*{3,}|_{3,})$/.test(words)) {
    parent.append(el("hr"));
    return at + 1;
  }
  if (words[0] === ">") {
    return quote(lines, at, parent);
  }
  if (bullet(line)) {
    return list(lines, at, parent);
  }
  if (words[0] === "|" && underlines(lines[at + 1]?.trim() ?? "")) {
    return table(lines, at, parent);
  }
  const end = endOf(lines, at + 1, (other) => !startsBlock(other));
  parent.append(paragraph(lines.slice(at, end).join("\n")));
  return end;
}

function startsBlock(line) {
  const words = line.trim();
  return (
    words === "" ||
    fence(words) ||
    ">|".includes(words[0]) ||
    /^#{1,6} /.test(words) ||
    bullet(line)
  );
}

function endOf(lines, from, belongs) {
  let end = from;
  while (end < lines.length && belongs(lines[end])) {
    end++;
  }
  return end;
}

function paragraph(text, kind = "") {
  return el("p", { class: kind || null, dir: "auto" }, inline(text));
}

function fence(words) {
  return /^(?:`{3,}|~{3,})/.exec(words)?.[0];
}

function code(lines, at, parent) {
  const opening = lines[at].trim();
  const mark = fence(opening);
  const end = endOf(lines, at + 1, (line) => !line.trimStart().startsWith(mark));
  const language = opening.slice(mark.length).trim();
  parent.append(
    el(
      "div",
      { class: "fence" },
      language ? el("div", { class: "language" }, inline(language)) : null,
      asCode(lines.slice(at + 1, end).join("\n")),
    ),
  );
  return end + 1;
}

function quote(lines, at, parent) {
  const end = endOf(lines, at, (line) => line.trimStart()[0] === ">");
  const holder = el("blockquote");
  for (const line of lines.slice(at, end)) {
    const depth = /^[> ]*/.exec(line.trimStart())[0];
    const level = Math.min(depth.split(">").length - 1, DEEPEST);
    holder.append(paragraph(line.trimStart().slice(depth.length), `level-${level}`));
  }
  parent.append(holder);
  return end;
}

function bullet(line) {
  return /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)/.exec(line)?.[0];
}

function list(lines, at, parent) {
  const number = Number.parseInt(lines[at].trim(), 10);
  const holder = el(number >= 0 ? "ol" : "ul");
  let end = at;
  while (end < lines.length && bullet(lines[end])) {
    const mark = bullet(lines[end]);
    const next = endOf(lines, end + 1, (line) => /^[ \t]/.test(line) && !startsBlock(line));
    const text = [lines[end].slice(mark.length), ...lines.slice(end + 1, next)].join("\n");
    const level = Math.min(Math.floor((mark.length - mark.trimStart().length) / 2), DEEPEST);
    const entry = el("li", { class: `level-${level}`, dir: "auto" }, inline(text));
    const value = Number.parseInt(mark, 10);
    if (number >= 0 && value >= 0) {
      entry.setAttribute("value", value);
    } else if (number >= 0) {
      entry.classList.add("bullet");
    }
    holder.append(entry);
    end = next;
  }
  parent.append(holder);
  return end;
}

function underlines(words) {
  return words.includes("-") && /^[|:\- ]+$/.test(words);
}

function table(lines, at, parent) {
  const end = endOf(lines, at, (line) => line.trim()[0] === "|");
  const row = (line, tag) =>
    el(
      "tr",
      {},
      cells(line).map((cell) => el(tag, { dir: "auto" }, inline(cell))),
    );
  parent.append(
    el(
      "div",
      { class: "table", tabindex: "0", role: "group", "aria-label": "Table" },
      el(
        "table",
        {},
        el("thead", {}, row(lines[at], "th")),
        el(
          "tbody",
          {},
          lines.slice(at + 2, end).map((line) => row(line, "td")),
        ),
      ),
    ),
  );
  return end;
}

function cells(line) {
  const words = line.trim();
  return words.slice(1, words.endsWith("|") && words.length > 1 ? -1 : undefined).split("|");
}

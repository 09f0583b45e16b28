/**
 * Shows texts of any length: long ones are cut, and what is shown of them is laid out in pieces.
 */
import { button, el } from "./dom.js";
import { allowance, marked } from "./marks.js";

/** Longer texts are cut here, in UTF-16 units. */
const CUT = 20_000;

/** A browser lays out a text node as a whole, so a long text is put into several. */
const PIECE = 8_000;

/**
 * @param {string} text
 * @param {function(string): Node} show makes nodes of a text
 * @returns {HTMLElement} the text, or its beginning and a button "show all"
 */
export function cut(text, show = asStored) {
  const holder = el("div", { class: "text" });
  if (text.length <= CUT) {
    holder.append(show(text));
    return holder;
  }
  const all = button("show-all", `Show all (${size(byteLength(text))})`, {
    click: () => {
      holder.replaceChildren(show(text));
      holder.tabIndex = -1;
      holder.focus({ preventScroll: true });
    },
  });
  holder.append(
    show(text.slice(0, boundary(text, CUT))),
    el("p", { class: "cut" }, `The first ${CUT.toLocaleString("en")} characters are shown. `, all),
  );
  return holder;
}

/** The text as it is stored, in pieces that end at lines where there are lines. */
export function asStored(text) {
  const fragment = document.createDocumentFragment();
  const left = allowance();
  for (let from = 0; from < text.length || from === 0;) {
    const end = pieceEnd(text, from);
    fragment.append(
      el("div", { class: "stored", dir: "auto" }, marked(text.slice(from, end), left)),
    );
    from = Math.max(end, from + 1);
  }
  return fragment;
}

/** Program text: left to right whatever is in it. */
export function asCode(text) {
  const fragment = document.createDocumentFragment();
  const left = allowance();
  for (let from = 0; from < text.length || from === 0;) {
    const end = pieceEnd(text, from);
    fragment.append(el("pre", { class: "code", dir: "ltr" }, marked(text.slice(from, end), left)));
    from = Math.max(end, from + 1);
  }
  return fragment;
}

export function byteLength(text) {
  return new Blob([text]).size;
}

/** A number of bytes for people, such as `2.0 MB`. */
export function size(bytes) {
  if (bytes < 1000) {
    return `${bytes} B`;
  }
  const kilo = bytes / 1000;
  return kilo < 1000 ? `${kilo.toFixed(1)} kB` : `${(kilo / 1000).toFixed(1)} MB`;
}

/** The first words of a text, for one line. */
export function beginning(text, length = 200) {
  const line = text
    .slice(0, length * 2)
    .replace(/\s+/g, " ")
    .trim();
  return line.length > length ? `${line.slice(0, boundary(line, length))}…` : line;
}

function pieceEnd(text, from) {
  const end = from + PIECE;
  if (end >= text.length) {
    return text.length;
  }
  // Only this piece is searched: the text may have no line break at all.
  const piece = text.slice(from, end);
  const line = piece.lastIndexOf("\n");
  if (line >= 0) {
    return from + line + 1;
  }
  const space = piece.lastIndexOf(" ");
  return space > PIECE / 2 ? from + space + 1 : boundary(text, end);
}

/** Not between the halves of one character. */
function boundary(text, at) {
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}

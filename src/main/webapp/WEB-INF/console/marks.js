/**
 * Shows characters that are invisible, or that turn the text beside them around: they can make a
 * text read differently from what a model or a program sees. The characters stay in the text.
 */
import { el } from "./dom.js";

// Tab and line breaks are left out. A zero-width joiner stays unmarked inside an emoji, and so does
// one variation selector by itself, which nearly every emoji has.
const INVISIBLE = new RegExp(
  "[\\u{E0020}-\\u{E007F}]+" +
    "|[\\uFE00-\\uFE0F]{2,}" +
    "|(?<!\\p{Extended_Pictographic}[\\uFE0F\\u{1F3FB}-\\u{1F3FF}]?)\\u200D" +
    "|([\\0-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\xAD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5" +
    "\\u180B-\\u180F\\u200B\\u200C\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFEFF\\uFFA0" +
    "\\uFFF9-\\uFFFB\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E001F}\\u{E0080}-\\u{E0FFF}\\p{Cs}])\\1*",
  "gu",
);

/** More of them in one text are written out in words: each mark is an element. */
const MOST_MARKS = 3000;

const NAMES = new Map([
  [0x00ad, "soft hyphen"],
  [0x061c, "Arabic letter mark"],
  [0x200b, "zero-width space"],
  [0x200c, "zero-width non-joiner"],
  [0x200d, "zero-width joiner"],
  [0x200e, "left-to-right mark"],
  [0x200f, "right-to-left mark"],
  [0x202a, "left-to-right embedding"],
  [0x202b, "right-to-left embedding"],
  [0x202c, "end of embedding or override"],
  [0x202d, "left-to-right override"],
  [0x202e, "right-to-left override"],
  [0x2060, "word joiner"],
  [0x2066, "left-to-right isolate"],
  [0x2067, "right-to-left isolate"],
  [0x2068, "first strong isolate"],
  [0x2069, "end of isolate"],
  [0xfeff, "byte order mark"],
]);

/** How many marks a text that is shown in pieces may still have. */
export function allowance() {
  return { marks: MOST_MARKS };
}

/** The text as nodes, with a mark at each invisible character. */
export function marked(text, left = allowance()) {
  const fragment = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(INVISIBLE)) {
    if (found.index > from) {
      fragment.append(text.slice(from, found.index));
    }
    if (--left.marks < 0) {
      fragment.append(text.slice(found.index).replace(INVISIBLE, (run) => `[${label(run)}]`));
      return fragment;
    }
    fragment.append(mark(found[0]));
    from = found.index + found[0].length;
  }
  if (from < text.length) {
    fragment.append(text.slice(from));
  }
  return fragment;
}

/** A stored value among the page's own words: its direction changes nothing beside it. */
export function value(text, attributes = {}) {
  return el("bdi", attributes, marked(String(text)));
}

function mark(run) {
  const words = label(run);
  const name = NAMES.get(run.codePointAt(0));
  const title = name ? `${words}: ${name}` : words;
  return el(
    "span",
    { class: "mark", role: "img", "data-mark": words, "aria-label": title, title },
    run,
  );
}

function label(run) {
  const points = Array.from(run, (char) => char.codePointAt(0));
  if (points.every((point) => point >= 0xe0020 && point <= 0xe007e)) {
    return `tags: ${String.fromCodePoint(...points.slice(0, 200).map((point) => point - 0xe0000))}`;
  }
  const code = `U+${points[0].toString(16).toUpperCase().padStart(4, "0")}`;
  return points.length > 1 ? `${code} ×${points.length}` : code;
}

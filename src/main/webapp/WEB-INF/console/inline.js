/**
 * Formats what stands inside a line: code, bold, links, images. Each kind of closing mark is looked
 * for from where the last one was found, so that a text of opening marks costs no more than any
 * other.
 */
import { el } from "./dom.js";
import { linkTo, LONGEST_ADDRESS, webAddress } from "./links.js";
import { marked } from "./marks.js";
import { image } from "./media.js";

const SPECIAL = /``?(?!`)|\*\*|!?\[|https?:\/\//g;

/** @returns {DocumentFragment} */
export function inline(text) {
  const fragment = document.createDocumentFragment();
  const next = finder(text);
  let target = fragment;
  let from = 0;
  SPECIAL.lastIndex = 0;
  for (let found = SPECIAL.exec(text); found; found = SPECIAL.exec(text)) {
    const [sign] = found;
    const start = found.index;
    if (sign === "**") {
      target.append(marked(text.slice(from, start)));
      if (target !== fragment) {
        target = fragment;
      } else if (next("**", start + 2) > start + 2) {
        target = fragment.appendChild(el("strong"));
      } else {
        target.append(sign);
      }
      from = start + 2;
      continue;
    }
    const span = sign[0] === "`" ? code(text, start, sign, next) : link(text, start, sign, next);
    if (span) {
      target.append(marked(text.slice(from, start)), span.node);
      from = span.end;
      SPECIAL.lastIndex = span.end;
    }
  }
  target.append(marked(text.slice(from)));
  return fragment;
}

function code(text, start, sign, next) {
  const end = next(sign, start + sign.length);
  return end < 0
    ? null
    : {
        node: el("code", { dir: "ltr" }, marked(text.slice(start + sign.length, end))),
        end: end + sign.length,
      };
}

function link(text, start, sign, next) {
  if (sign[0] === "h") {
    const end = next.addressEnd(start);
    if (end - start > LONGEST_ADDRESS) {
      return null;
    }
    const address = text.slice(start, end).replace(/[.,;:!?'*]$/, "");
    const url = webAddress(address);
    return url && { node: linkTo(url, marked(address)), end: start + address.length };
  }
  const middle = next("](", start + sign.length);
  if (middle < 0 || middle - start > 1000) {
    return null;
  }
  const end = next.addressEnd(middle + 2);
  if (text[end] !== ")") {
    return null;
  }
  const words = text.slice(start + sign.length, middle);
  const address = text.slice(middle + 2, end);
  if (sign === "![") {
    return { node: image(address, words), end: end + 1 };
  }
  const url = webAddress(address);
  return url && { node: linkTo(url, marked(words)), end: end + 1 };
}

/** Remembers where each mark was found, so that no part of the text is searched twice for it. */
function finder(text) {
  const known = new Map();
  const search = (mark, from, find) => {
    const last = known.get(mark);
    if (last && last.from <= from && (last.found < 0 || last.found >= from)) {
      return last.found;
    }
    const found = find();
    known.set(mark, { from, found });
    return found;
  };
  const next = (mark, from) => search(mark, from, () => text.indexOf(mark, from));
  next.addressEnd = (from) =>
    search("address", from, () => {
      const end = /[\s()<>[\]"`]/g;
      end.lastIndex = from;
      return end.exec(text)?.index ?? text.length;
    });
  return next;
}

/**
 * Cuts and indents JSON as text. `JSON.parse` rounds long numbers, drops the first of two members
 * of one name and moves names that look like numbers, so what an auditor sees never goes through
 * it.
 * The texts come from the API and are JSON; time is linear in their length.
 */

/** The members of the object that `text` is: duplicates too, in their order, values as written. */
export function members(text) {
  const found = [];
  let at = skip(text, 0);
  if (text[at] !== "{") {
    return found;
  }
  at = skip(text, at + 1);
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const name = JSON.parse(text.slice(at, nameEnd));
    const start = skip(text, skip(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    found.push({ name, raw: text.slice(start, end) });
    at = next(text, end);
  }
  return found;
}

/** The elements of the array that `text` is, as written. */
export function elements(text) {
  const found = [];
  let at = skip(text, 0);
  if (text[at] !== "[") {
    return found;
  }
  at = skip(text, at + 1);
  while (at < text.length && text[at] !== "]") {
    const end = valueEnd(text, at);
    found.push(text.slice(at, end));
    at = next(text, end);
  }
  return found;
}

/** The value of the last member of that name, which is the one that `JSON.parse` takes. */
export function member(text, name) {
  return members(text).findLast((candidate) => candidate.name === name)?.raw;
}

/** The same tokens, one member or element a line. */
export function indent(text) {
  const out = [];
  let depth = 0;
  const line = () => out.push("\n", "  ".repeat(depth));
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    const char = text[at];
    if (char === "{" || char === "[") {
      const inside = skip(text, at + 1);
      if (text[inside] === "}" || text[inside] === "]") {
        out.push(char, text[inside]);
        at = inside + 1;
        continue;
      }
      out.push(char);
      depth++;
      line();
      at++;
    } else if (char === "}" || char === "]") {
      depth--;
      line();
      out.push(char);
      at++;
    } else if (char === ",") {
      out.push(char);
      line();
      at++;
    } else if (char === ":") {
      out.push(": ");
      at++;
    } else {
      const end = valueEnd(text, at);
      out.push(text.slice(at, end));
      at = end;
    }
  }
  return out.join("");
}

/** The text indented, if it is JSON; a model's arguments need not be. */
export function indentIfJson(text) {
  const first = text[skip(text, 0)];
  if (first !== "{" && first !== "[") {
    return null;
  }
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return indent(text);
}

function next(text, end) {
  const at = skip(text, end);
  return text[at] === "," ? skip(text, at + 1) : at;
}

function skip(text, at) {
  while (at < text.length && " \n\r\t".includes(text[at])) {
    at++;
  }
  return at;
}

function valueEnd(text, start) {
  if (text[start] === '"') {
    return stringEnd(text, start);
  }
  if (text[start] === "{" || text[start] === "[") {
    return nestedEnd(text, start);
  }
  const end = /[\s,:\[\]{}"]/g;
  end.lastIndex = start + 1;
  return end.exec(text)?.index ?? text.length;
}

function nestedEnd(text, start) {
  const mark = /["{}[\]]/g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const char = found[0];
    if (char === '"') {
      mark.lastIndex = stringEnd(text, found.index);
    } else if (char === "{" || char === "[") {
      depth++;
    } else if (--depth === 0) {
      return found.index + 1;
    }
  }
  return text.length;
}

/** Looks from quote to quote, so that a string of megabytes costs one search. */
function stringEnd(text, start) {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text[before] === "\\") {
      before--;
    }
    if ((end - before) % 2 === 1) {
      return end + 1;
    }
  }
  return text.length;
}

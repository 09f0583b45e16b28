/**
 * The page's addresses: `#/conversations?…`, `#/conversations/{id}?…` and so on. The query of a
 * list
 * is the API's own, and goes along with an entry that is opened from it.
 */

/** What an address says of the entry, not of the list. */
const OF_ENTRY = ["item", "response"];

const LISTS = { conversations: "conversation", responses: "response", feedback: "feedback" };

/**
 * @returns {?{view: string, list: string, id: ?string, query: URLSearchParams, item: ?string,
 *     response: ?string}} null if the address is none of this page
 */
export function parse(hash) {
  const mark = hash.indexOf("?");
  const [root, list, id, ...more] = (mark < 0 ? hash : hash.slice(0, mark)).split("/");
  const query = new URLSearchParams(mark < 0 ? "" : hash.slice(mark + 1));
  if (root !== "#" || !Object.hasOwn(LISTS, list) || more.length) {
    return null;
  }
  const [item, response] = OF_ENTRY.map((name) => query.get(name));
  OF_ENTRY.forEach((name) => query.delete(name));
  return {
    view: id ? LISTS[list] : list,
    list,
    id: id ? decoded(id) : null,
    query,
    item,
    response,
  };
}

/** The address of a list, or of an entry of it. */
export function format({
  list,
  id = null,
  query = new URLSearchParams(),
  item = null,
  response = null,
}) {
  const all = new URLSearchParams(query);
  if (item) {
    all.set("item", item);
  }
  if (response) {
    all.set("response", response);
  }
  const text = all.toString().replaceAll("%5B", "[").replaceAll("%5D", "]");
  return `#/${list}${id === null ? "" : `/${encodeURIComponent(id)}`}${text ? `?${text}` : ""}`;
}

/** Puts another address in the place of this one, as for an alias. */
export function replace(route) {
  history.replaceState(null, "", format(route));
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

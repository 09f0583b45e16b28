/**
 * Writes a conversation into one JSON file, complete: the texts of the API's answers side by side,
 * so
 * that no number and no order changes.
 */
import { getList, getText } from "./api.js";
import { announce, button, el } from "./dom.js";

/** How often a request is repeated that the server is too busy for. */
const PATIENCE = 5;

/** Requests at a time. */
const AT_ONCE = 4;

/**
 * @param {string} id of the conversation
 * @param {HTMLElement} place beside which the progress is shown
 * @param {AbortSignal} left aborts when the conversation is left
 */
export async function exportConversation(id, place, left) {
  const stop = new AbortController();
  const signal = AbortSignal.any([left, stop.signal]);
  const words = el("span", {}, "Exporting…");
  const progress = el(
    "span",
    { class: "progress", role: "status" },
    words,
    " ",
    button("stop-export", "Stop", { click: () => stop.abort() }),
  );
  place.hidden = true;
  place.after(progress);
  try {
    const file = await write(id, signal, (text) => {
      words.textContent = text;
    });
    save(file, fileName(id));
    announce("The conversation is exported.");
  } catch (error) {
    announce(signal.aborted ? "The export was stopped." : `The export failed: ${error.message}`);
  } finally {
    progress.remove();
    place.hidden = false;
    if (!left.aborted) {
      place.focus();
    }
  }
}

/** A name that every file system takes. */
function fileName(id) {
  const clean = id
    .replace(/[^A-Za-z0-9._-]/g, "_")
    .replace(/^\.+/, "_")
    .slice(0, 100);
  return `${clean || "conversation"}.json`;
}

async function write(id, signal, tell) {
  const of = (name) => new URLSearchParams({ order: "asc", ...name });
  const conversation = await patiently(
    () => getText(["conversations", id], undefined, signal),
    signal,
  );
  const items = await all(["conversations", id, "items"], of({ limit: 100 }), signal, (count) =>
    tell(`${count} items`),
  );
  const responses = await all(["responses"], of({ conversation: id, limit: 20 }), signal, (count) =>
    tell(`${items.count} items, ${count} responses`),
  );
  const feedback = await all(
    ["feedback"],
    of({ conversation_id: id, limit: 100 }),
    signal,
    () => {},
  );
  const inputs = await inputItems(responses.ids, signal, (count) =>
    tell(`${items.count} items, input of ${count} of ${responses.count} responses`),
  );
  const parts = ['{"conversation": ', conversation, ',\n"items": ', ...items.parts];
  parts.push(',\n"responses": ', ...responses.parts, ',\n"feedback": ', ...feedback.parts);
  parts.push(',\n"input_items": {', ...inputs, "}}\n");
  return new Blob(parts, { type: "application/json" });
}

/** All pages of a list. Each is put into a Blob, which a browser may keep outside its memory. */
async function all(segments, query, signal, tell) {
  const parts = ["["];
  const ids = [];
  for (let more = true; more;) {
    const page = await patiently(() => getList(segments, query, signal), signal);
    if (page.entries.length) {
      parts.push(new Blob([ids.length ? ",\n" : "\n", page.entries.join(",\n")]));
      ids.push(...page.entries.map((entry) => JSON.parse(entry).id));
      query.set("after", ids.at(-1));
    }
    tell(ids.length);
    more = page.hasMore && page.entries.length > 0;
  }
  parts.push("]");
  return { parts, ids, count: ids.length };
}

/** The input of each response, under its id: the recorded response itself stays as it is. */
async function inputItems(ids, signal, tell) {
  const parts = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const lists = await Promise.all(
      some.map((id) =>
        all(
          ["responses", id, "input_items"],
          new URLSearchParams({ order: "asc", limit: 100 }),
          signal,
          () => {},
        ),
      ),
    );
    lists.forEach((list, index) =>
      parts.push(at + index ? ",\n" : "\n", JSON.stringify(some[index]), ": ", ...list.parts),
    );
    tell(at + some.length);
  }
  return parts;
}

/** Waits as the server asks where it is too busy, and tries again. */
async function patiently(ask, signal) {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (![429, 503].includes(error.status) || tries > PATIENCE) {
        throw error;
      }
      await pause(Math.max(1, error.retryAfter) * 1000, signal);
    }
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function save(file, name) {
  const url = URL.createObjectURL(file);
  const link = el("a", { href: url, download: name });
  link.click();
  // The download has begun by then, or never will.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

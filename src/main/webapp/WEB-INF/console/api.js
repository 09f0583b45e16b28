/** Reads from the API, and from nowhere else. Answers stay text: see json.js. */
import { askForKey, askForReason, credentials } from "./access.js";
import { elements, members } from "./json.js";

/** The API beside this page, whatever context root the server gives the application. */
const BASE = new URL("../v1/", import.meta.url);

/** What the API refused, or that it could not be asked. */
export class ApiError extends Error {
  constructor(
    message,
    { status = 0, code = null, param = null, requestId = null, retryAfter = 0 } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.param = param;
    this.requestId = requestId;
    /** Seconds to wait before the request is worth repeating. */
    this.retryAfter = retryAfter;
  }
}

/** The address of an endpoint: ids are contents, and must not lead elsewhere. */
function address(segments, query = new URLSearchParams()) {
  for (const segment of segments) {
    if (/^\.{0,2}$/.test(segment)) {
      throw new ApiError(`An id is missing, or is not one: '${segment}'.`);
    }
  }
  const url = new URL(segments.map(encodeURIComponent).join("/"), BASE);
  url.search = query.toString();
  return url;
}

/**
 * @param {string[]} segments of the path
 * @param {URLSearchParams} query
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the answer's text
 * @throws {ApiError}
 */
export async function getText(segments, query, signal) {
  const url = address(segments, query);
  for (;;) {
    const sent = credentials();
    const answer = await request(url, sent, signal);
    const text = await body(answer, signal);
    if (answer.ok) {
      return text;
    }
    const error = refusal(answer, text);
    const again =
      error.status === 401 && /\bbearer\b/i.test(answer.headers.get("WWW-Authenticate") ?? "")
        ? await askForKey(sent.key)
        : error.param === "X-Access-Reason" && (await askForReason(sent.reason, error.message));
    signal?.throwIfAborted();
    if (!again) {
      throw error;
    }
  }
}

/** The entries of a list, each as its own text. */
export async function getList(segments, query, signal) {
  const text = await getText(segments, query, signal);
  const found = new Map(members(text).map(({ name, raw }) => [name, raw]));
  return {
    entries: elements(found.get("data") ?? "[]"),
    hasMore: found.get("has_more") === "true",
  };
}

/** As a command that a colleague can run; the key is named, not told. */
export function curl(segments) {
  const { key, reason } = credentials();
  const quoted = (text) => `'${text.replaceAll("'", "%27")}'`;
  return [
    "curl",
    key ? '-H "Authorization: Bearer $HISTORY_API_KEY"' : null,
    reason ? `-H ${quoted(`X-Access-Reason: ${encodeURIComponent(reason)}`)}` : null,
    quoted(address(segments).href),
  ]
    .filter(Boolean)
    .join(" ");
}

async function request(url, { key, reason }, signal) {
  const headers = {};
  if (key) {
    headers.Authorization = `Bearer ${encodeURI(key)}`;
  }
  if (reason) {
    headers["X-Access-Reason"] = encodeURIComponent(reason);
  }
  try {
    return await fetch(url, {
      headers,
      signal,
      credentials: key ? "omit" : "same-origin",
      redirect: "error",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
  } catch (fault) {
    throw unreachable(fault, signal);
  }
}

async function body(answer, signal) {
  try {
    return await answer.text();
  } catch (fault) {
    throw unreachable(fault, signal);
  }
}

function unreachable(fault, signal) {
  return signal?.aborted
    ? fault
    : new ApiError("The server did not answer, or answered with a redirect.");
}

function refusal(answer, text) {
  let error = null;
  try {
    ({ error } = JSON.parse(text));
  } catch {
    // A server may refuse a request before the service sees it, in words of its own.
  }
  return new ApiError(
    typeof error?.message === "string" ? error.message : `The server answered ${answer.status}.`,
    {
      status: answer.status,
      code: error?.code ?? null,
      param: error?.param ?? null,
      requestId: answer.headers.get("x-request-id"),
      retryAfter: Number.parseInt(answer.headers.get("Retry-After") ?? "0", 10) || 0,
    },
  );
}

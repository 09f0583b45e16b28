/** Stands for images, audio and files: what they are and how big, and no request for them. */
import { el } from "./dom.js";
import { linkTo, webAddress } from "./links.js";
import { value } from "./marks.js";
import { beginning, size } from "./text.js";

/** @param {string} address of the image: a data URL, a web address, or anything else */
export function image(address, words = "") {
  return webAddress(address) || address.startsWith("data:")
    ? placeholder("Image", address, words)
    : placeholder("Image", null, `${words} ${address}`);
}

/**
 * @param {string} kind in words, such as "Audio"
 * @param {?string} content a data URL, a web address, or data in base64
 * @param {string} words what is known beside it, such as a file's name
 */
export function placeholder(kind, content, words = "") {
  const url = content && webAddress(content);
  return el(
    "span",
    { class: "media" },
    el("b", {}, kind),
    words ? [" ", value(beginning(words))] : null,
    url
      ? [" at ", linkTo(url, ""), " (not loaded)"]
      : content
        ? [" ", el("bdi", {}, extent(content)), " (not shown)"]
        : null,
  );
}

function extent(content) {
  const comma = content.startsWith("data:") ? content.indexOf(",") : -1;
  const head = content.slice(0, Math.min(comma, 200));
  const base64 = comma < 0 || head.endsWith(";base64");
  const data = content.length - comma - 1;
  const type = comma < 0 ? "" : `${/^data:([\w.+/-]*)/.exec(head)[1] || "text/plain"}, `;
  return `${type}${size(base64 ? Math.floor((data * 3) / 4) : data)}`;
}

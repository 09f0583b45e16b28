/** What the buttons of a card do. One listener serves all cards of a reader. */
import { curl } from "./api.js";
import { rawJson, show, storedText } from "./card.js";
import { copy } from "./copy.js";

/**
 * @param {HTMLElement} host of the cards
 * @param {function(HTMLElement): ?Array<object>} itemsOf the item of a card, and its output
 * @param {function(object): string[]} segmentsOf the path of an item in the API
 */
export function listenToCards(host, itemsOf, segmentsOf) {
  host.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action]");
    const article = button?.closest("article.card");
    const items = article && itemsOf(article);
    if (items) {
      act(button.dataset.action, article, items, segmentsOf);
    }
  });
}

function act(action, article, items, segmentsOf) {
  switch (action) {
    case "formatted":
    case "stored":
    case "raw":
      show(article, items, action);
      break;
    case "copy-text":
      copy(storedText(items), "Text");
      break;
    case "copy-json":
      copy(rawJson(items), "JSON");
      break;
    case "copy-curl":
      copy(items.map((item) => curl(segmentsOf(item))).join("\n"), "cURL command");
      break;
    default:
  }
}

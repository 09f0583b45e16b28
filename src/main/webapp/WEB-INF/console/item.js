/**
 * What an item is, in words, and what of it is read. A type that is not named here, and a member
 * that is not, is shown as JSON: nothing that is stored is left out.
 */
import { elements, members } from "./json.js";

/**
 * How a member is read: `prose` is text for people, `code` text for programs, `parts` a string or
 * an
 * array of content parts, `data` base64 or encrypted text, `json` anything.
 */
const TYPES = {
  message: { title: "Message", tone: "message", reads: { content: "parts" } },
  reasoning: {
    title: "Reasoning",
    tone: "reasoning",
    reads: { summary: "parts", content: "parts", encrypted_content: "data" },
  },
  function_call: call("Tool call", { arguments: "code" }),
  function_call_output: output("Tool output", { output: "parts" }),
  custom_tool_call: call("Tool call", { input: "code" }),
  custom_tool_call_output: output("Tool output", { output: "parts" }),
  mcp_call: call("MCP call", { arguments: "code", output: "code", error: "code" }),
  mcp_list_tools: call("MCP tools", { tools: "json", error: "code" }),
  mcp_approval_request: call("MCP approval asked for", { arguments: "code" }),
  mcp_approval_response: output("MCP approval", { approve: "json", reason: "prose" }),
  web_search_call: call("Web search", { action: "json" }),
  file_search_call: call("File search", { queries: "json", results: "json" }),
  code_interpreter_call: call("Code interpreter", { code: "code", outputs: "json" }),
  image_generation_call: call("Image generation", { revised_prompt: "prose", result: "data" }),
  computer_call: call("Computer call", { action: "json", actions: "json" }),
  computer_call_output: output("Computer output", { output: "part" }),
  local_shell_call: call("Local shell call", { action: "json" }),
  local_shell_call_output: output("Local shell output", { output: "code" }),
  shell_call: call("Shell call", { action: "json" }),
  shell_call_output: output("Shell output", { output: "json" }),
  apply_patch_call: call("Patch", { operation: "json" }),
  apply_patch_call_output: output("Patch output", { output: "code" }),
  tool_search_call: call("Tool search", { arguments: "json" }),
  tool_search_output: output("Tool search output", { tools: "json" }),
  program: call("Program", { code: "code" }),
  program_output: output("Program output", { result: "code" }),
  compaction: { title: "Compaction", tone: "reasoning", reads: { encrypted_content: "data" } },
};

/** Said by the card's header or by its links, not below them. */
const SAID = new Set(["id", "type", "call_id", "name", "namespace", "server_label"]);

/**
 * An item as the API answered it.
 *
 * @param {string} raw its JSON, byte for byte
 */
export function readItem(raw) {
  const json = JSON.parse(raw);
  const type = typeof json.type === "string" ? json.type : "";
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : null;
  return {
    raw,
    json,
    type,
    id: String(json.id ?? ""),
    title: known?.title ?? `Item of type ${type || "(none)"}`,
    tone: tone(known, json),
    isCall: Boolean(known?.isCall),
    isOutput: Boolean(known?.isOutput) || type.endsWith("_output"),
    callId: typeof json.call_id === "string" ? json.call_id : null,
    blocks: known ? blocks(known.reads, type, raw) : [{ how: "json", name: "", raw }],
  };
}

/**
 * The text of an item as it is stored, for copying and for a line of preview; its JSON if it has
 * none.
 */
export function plainText(item) {
  const texts = item.blocks.filter(({ how }) => how !== "json" && how !== "links");
  return (texts.length ? texts : item.blocks).map(blockText).join("\n");
}

function blockText({ how, name, words, text, raw }) {
  switch (how) {
    case "media":
      return `[${`${name} ${words}`.trim()}]`;
    case "data":
      return `[${name}]`;
    default:
      return text ?? raw;
  }
}

function call(title, reads) {
  return { title, tone: "tool", isCall: true, reads };
}

function output(title, reads) {
  return { title, tone: "tool", isOutput: true, reads };
}

function tone(known, json) {
  if (known?.tone !== "message") {
    return known?.tone ?? "unknown";
  }
  const role = String(json.role ?? "");
  return ["user", "assistant", "system", "developer", "tool"].includes(role) ? role : "unknown";
}

function blocks(reads, type, raw) {
  const found = [];
  const rest = [];
  for (const { name, raw: text } of members(raw)) {
    const how = Object.hasOwn(reads, name) ? reads[name] : null;
    if (text === "null" || (how && (text === '""' || text === "[]"))) {
      continue;
    }
    if (how === "parts") {
      found.push(...parts(name, text));
    } else if (how === "part") {
      found.push(...part(name, text));
    } else if (how === "json" || (how && text[0] !== '"')) {
      found.push({ how: "json", name, raw: text });
    } else if (how) {
      found.push({ how, name, text: JSON.parse(text) });
    } else if (!isSaid(type, name, text)) {
      rest.push({ how: "json", name, raw: text });
    }
  }
  return [...found, ...rest];
}

function isSaid(type, name, text) {
  return (
    text[0] === '"' &&
    (SAID.has(name) || name === "status" || (type === "message" && /^(role|phase)$/.test(name)))
  );
}

function parts(name, text) {
  if (text[0] === '"') {
    return [{ how: name === "output" ? "code" : "prose", name, text: JSON.parse(text) }];
  }
  return text[0] === "["
    ? elements(text).flatMap((raw) => part(name, raw))
    : [{ how: "json", name, raw: text }];
}

/** A content part, and what it has beside its text. */
function part(name, raw) {
  const json = raw[0] === "{" ? JSON.parse(raw) : {};
  switch (json.type) {
    case "input_text":
    case "output_text":
    case "text":
    case "summary_text":
    case "reasoning_text":
    case "refusal": {
      const from = json.type === "refusal" ? "refusal" : "text";
      if (typeof json[from] === "string") {
        const label = json.type === "refusal" ? "refusal" : name;
        return [{ how: "prose", name: label, text: json[from] }, ...beside(raw, ["type", from])];
      }
      break;
    }
    case "input_image":
    case "computer_screenshot":
      return [
        media("Image", json, json.image_url, raw, ["type", "image_url", "file_id", "detail"]),
      ];
    case "input_file":
      return [
        media("File", json, json.file_data ?? json.file_url, raw, [
          "type",
          "file_data",
          "file_url",
          "file_id",
          "filename",
        ]),
      ];
    case "input_audio":
      return [media("Audio", json, json.input_audio?.data, raw, ["type", "input_audio"])];
    default:
  }
  return [{ how: "json", name: json.type ?? name, raw }];
}

function media(kind, json, content, raw, shown) {
  const words = [json.filename, json.file_id, json.detail, json.input_audio?.format]
    .filter((word) => typeof word === "string")
    .join(" ");
  const text = typeof content === "string" ? content : "";
  return { how: "media", name: kind, content: text, words, rest: beside(raw, shown) };
}

function beside(raw, shown) {
  return members(raw)
    .filter(({ name, raw: text }) => !shown.includes(name) && text !== "null" && text !== "[]")
    .map(
      ({ name, raw: text }) =>
        (name === "annotations" && sources(text)) || { how: "json", name, raw: text },
    );
}

/**
 * Annotations that are nothing but citations of web pages are links; the JSON says where they
 * stand.
 */
function sources(text) {
  const citations = JSON.parse(text);
  const isWeb = (citation) => citation?.type === "url_citation" && typeof citation.url === "string";
  return Array.isArray(citations) && citations.every(isWeb)
    ? { how: "links", name: "sources", raw: text, links: citations }
    : null;
}

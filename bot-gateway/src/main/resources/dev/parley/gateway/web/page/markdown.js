// A small, safe Markdown renderer. It builds DOM nodes and sets text with textContent only: what a
// model writes never becomes markup. Images are not loaded; links go to http(s) only.
//
// Half-written Markdown is the normal case here (the text is still growing): an open code fence is
// shown as code, an open emphasis as the characters that were written.

const MAX_QUOTE_DEPTH = 6;
const MAX_INLINE_DEPTH = 8;

/** Replaces what `element` shows by the rendered text. */
export function render(element, text) {
  const fragment = document.createDocumentFragment();
  blocks(fragment, text.replace(/\r\n?/g, "\n").split("\n"), 0);
  element.replaceChildren(fragment);
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])\s*(?:\1\s*){2,}$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const ITEM = /^( *)(?:([-*+])|(\d{1,9})[.)])(?: +(.*))?$/;
const TABLE_RULE = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function blocks(parent, lines, depth) {
  let i = 0;
  while (i < lines.length) {
    const line = lines[i];
    if (!line.trim()) {
      i++;
    } else if (FENCE.test(line)) {
      i = fence(parent, lines, i);
    } else if (HEADING.test(line)) {
      const [, marks, title] = line.match(HEADING);
      // The page's own headings are above these.
      inline(append(parent, "h" + Math.min(6, marks.length + 2)), title, 0);
      i++;
    } else if (RULE.test(line)) {
      append(parent, "hr");
      i++;
    } else if (QUOTE.test(line) && depth < MAX_QUOTE_DEPTH) {
      const inner = [];
      for (; i < lines.length && QUOTE.test(lines[i]); i++) inner.push(lines[i].match(QUOTE)[1]);
      blocks(append(parent, "blockquote"), inner, depth + 1);
    } else if (ITEM.test(line) && depth < MAX_QUOTE_DEPTH) {
      i = list(parent, lines, i, depth);
    } else if (line.includes("|") && i + 1 < lines.length && lines[i + 1].includes("-") && TABLE_RULE.test(lines[i + 1])) {
      i = table(parent, lines, i);
    } else {
      i = paragraph(parent, lines, i, depth);
    }
  }
}

function paragraph(parent, lines, start, depth) {
  let i = start;
  const text = [lines[i++]];
  while (i < lines.length && lines[i].trim() && !FENCE.test(lines[i]) && !HEADING.test(lines[i])
      && !RULE.test(lines[i]) && !(QUOTE.test(lines[i]) && depth < MAX_QUOTE_DEPTH)
      && !(ITEM.test(lines[i]) && depth < MAX_QUOTE_DEPTH)) {
    text.push(lines[i++]);
  }
  inline(append(parent, "p"), text.join("\n").trim(), 0);
  return i;
}

function fence(parent, lines, start) {
  const [, mark, info] = lines[start].match(FENCE);
  const close = new RegExp("^ {0,3}" + (mark[0] === "`" ? "`" : "~") + "{" + mark.length + ",}\\s*$");
  const code = [];
  let i = start + 1;
  while (i < lines.length && !close.test(lines[i])) code.push(lines[i++]);
  const language = info.trim().split(/\s+/)[0];
  codeBlock(parent, code.join("\n"), language);
  return i + 1;
}

function codeBlock(parent, code, language) {
  const box = append(parent, "div", "code");
  const head = append(box, "div", "code-head");
  append(head, "span").textContent = language || "text";
  const copy = append(head, "button", "copy");
  copy.type = "button";
  copy.textContent = "Copy";
  const pre = append(box, "pre");
  pre.tabIndex = 0;
  append(pre, "code").textContent = code;
}

function list(parent, lines, start, depth) {
  const [, indentText, bullet, number] = lines[start].match(ITEM);
  const indent = indentText.length;
  const element = append(parent, bullet ? "ul" : "ol");
  if (number && number !== "1") element.start = Number(number);
  let i = start;
  while (i < lines.length) {
    const match = lines[i].match(ITEM);
    if (!match || match[1].length < indent || match[1].length > indent + 1 || !!match[2] !== !!bullet) break;
    const content = [match[4] ?? ""];
    i++;
    // Everything indented deeper, and lazy text lines, belong to this item.
    while (i < lines.length) {
      const next = lines[i];
      if (!next.trim()) {
        const after = lines.slice(i).find(line => line.trim());
        if (after === undefined || leading(after) <= indent) break;
        content.push("");
      } else if (leading(next) > indent + 1) {
        content.push(next.slice(Math.min(leading(next), indent + (bullet ? 2 : 3))));
      } else if (ITEM.test(next) || FENCE.test(next) || HEADING.test(next) || content.at(-1) === "" ) {
        break;
      } else {
        content.push(next.trimStart());
      }
      i++;
    }
    const item = append(element, "li");
    if (content.some(line => !line.trim()) || content.some(line => ITEM.test(line) || FENCE.test(line))) {
      blocks(item, content, depth + 1);
      unwrapFirst(item);
    } else {
      inline(item, content.join("\n"), 0);
    }
    // Blank lines between items do not end the list.
    let next = i;
    while (next < lines.length && !lines[next].trim()) next++;
    if (next > i && next < lines.length && ITEM.test(lines[next])) i = next;
  }
  return i;
}

function unwrapFirst(item) {
  const first = item.firstElementChild;
  if (first && first.tagName === "P") first.replaceWith(...first.childNodes);
}

function leading(line) {
  return line.length - line.trimStart().length;
}

function table(parent, lines, start) {
  const wrap = append(parent, "div", "table");
  wrap.tabIndex = 0;
  const element = append(wrap, "table");
  const header = append(append(element, "thead"), "tr");
  for (const cell of cells(lines[start])) inline(append(header, "th"), cell, 0);
  const body = append(element, "tbody");
  let i = start + 2;
  for (; i < lines.length && lines[i].includes("|") && lines[i].trim(); i++) {
    const row = append(body, "tr");
    for (const cell of cells(lines[i])) inline(append(row, "td"), cell, 0);
  }
  return i;
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split("|").map(cell => cell.trim());
}

// Inline: the first construct that matches at the earliest place wins.
const INLINE = new RegExp([
  "\\\\([\\\\`*_{}\\[\\]()#+\\-.!>~|])",             // 1 escaped character
  "(`+)([^`]|[^`][\\s\\S]*?[^`])\\2(?!`)",           // 2, 3 code
  "!?\\[([^\\[\\]\\n]{1,400})\\]\\(\\s*<?([^\\s()<>]+(?:\\([^\\s()<>]*\\))?)>?(?:\\s+[\"'][^\"'\\n]*[\"'])?\\s*\\)", // 4 text, 5 address
  "(\\*\\*|__)(?=\\S)([\\s\\S]{0,2000}?\\S)\\6",    // 6, 7 strong
  "(\\*|(?<![\\w])_)(?=[^\\s*_])([\\s\\S]{0,2000}?[^\\s*_])\\8(?![\\w*])", // 8, 9 emphasis
  "~~(?=\\S)([\\s\\S]{0,2000}?\\S)~~",              // 10 struck out
  "(https?:\\/\\/[^\\s<>()\"'`*]+[^\\s<>()\"'`*.,;:!?])", // 11 bare address
].join("|"));

function inline(parent, text, depth) {
  let rest = text;
  while (rest) {
    const match = depth < MAX_INLINE_DEPTH ? rest.match(INLINE) : null;
    if (!match) {
      words(parent, rest);
      return;
    }
    words(parent, rest.slice(0, match.index));
    rest = rest.slice(match.index + match[0].length);
    if (match[1] !== undefined) words(parent, match[1]);
    else if (match[2]) append(parent, "code").textContent = match[3].replace(/^ ([\s\S]*\S[\s\S]*) $/, "$1");
    else if (match[5]) link(parent, match[5], match[4], match[0]);
    else if (match[6]) inline(append(parent, "strong"), match[7], depth + 1);
    else if (match[8]) inline(append(parent, "em"), match[9], depth + 1);
    else if (match[10]) inline(append(parent, "s"), match[10], depth + 1);
    else link(parent, match[11], null, match[11]);
  }
}

function link(parent, address, label, source) {
  const url = webAddress(address);
  if (!url || source.startsWith("!")) {
    words(parent, source);
    return;
  }
  const anchor = append(parent, "a");
  anchor.href = url;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  anchor.textContent = label ?? address;
}

function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

function words(parent, text) {
  const lines = text.split("\n");
  lines.forEach((line, n) => {
    if (n > 0) append(parent, "br");
    if (line) parent.append(document.createTextNode(line));
  });
}

function append(parent, name, className) {
  const element = document.createElement(name);
  if (className) element.className = className;
  parent.append(element);
  return element;
}

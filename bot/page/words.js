// Words and elements. What channels wrote is only ever put into text nodes.
"use strict";

const report = JSON.parse(document.getElementById("data").textContent);
const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language);
const plural = new Intl.PluralRules(language);

function say(key, values = {}) {
  const told = report.labels[key];
  const text = typeof told === "string" ? told : (told[plural.select(values.n)] ?? told.other);
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

const ELEMENTS = new Set(["mark", "em", "del", "ins"]);
function pieces(list) {
  return list.flatMap(([text, tag]) => (ELEMENTS.has(tag) ? [make(tag, {}, ...paragraphs(text))] : paragraphs(text)));
}

// Half a line stands between paragraphs.
function paragraphs(text) {
  return text.split("\n\n").flatMap((part, number) => (number ? [make("span", { className: "gap" }), part] : [part]));
}

// A part that opens at a tap and is filled only then. On paper it is open.
function folded(className, words, fill) {
  const summary = make("summary", {}, ...words);
  const details = make("details", { className }, summary);
  details.fill = () => {
    details.append(...fill());
    details.fill = () => {};
  };
  summary.addEventListener("click", () => details.fill());
  return details;
}

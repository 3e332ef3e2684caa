// The table: a row for each story, with its copies below its first post.
"use strict";

const DIRECTIONS = { newest: "descending", oldest: "ascending", alphabet: "ascending", views: "descending" };
const COPIES_SHOWN = 4,
  ROWS_AT_ONCE = 40;

const link = (post, ...children) =>
  make("a", { href: post.link, target: "_blank", rel: "noopener noreferrer" }, ...children);
const address = (post) => make("span", { className: "address" }, post.link); // for paper, where nothing can be tapped

function said(post) {
  const [before, passage, after] = post.text;
  const text = make("p", { className: "text", lang: post.lang, dir: "auto" });
  if (before.length)
    text.append(make("span", { className: "rest" }, ...pieces(before)), make("span", { className: "cut" }, "… "));
  text.append(...pieces(passage));
  if (after.length)
    text.append(make("span", { className: "cut" }, " …"), make("span", { className: "rest" }, ...pieces(after)));
  if (!before.length && !after.length) return [text];
  const button = make("button", { type: "button", className: "more" }, say("whole"));
  button.addEventListener("click", () => {
    button.textContent = say(text.classList.toggle("whole") ? "shorter" : "whole");
  });
  return [text, button];
}

function marks(post) {
  const topics = post.topics.map((topic) =>
    make(
      "span",
      { className: "topic" },
      make("i", { className: `dot topic-${topic % COLOURS}` }),
      report.topics[topic],
    ),
  );
  const facts = [report.languages[post.language], ...(post.facts ?? [])].map((fact) => make("span", {}, fact));
  const gone = post.deleted ? [make("strong", {}, post.deleted)] : [];
  return make("p", { className: "marks" }, ...topics, ...facts, ...gone, address(post));
}

function edits(post) {
  if (!post.edited) return [];
  if (!post.edited.before) return [make("p", { className: "marks" }, make("span", {}, post.edited.said))];
  const side = (key, list) =>
    make(
      "div",
      {},
      make("h3", {}, say(key)),
      make("p", { className: "text", lang: post.lang, dir: "auto" }, ...pieces(list)),
    );
  return [
    folded("edits", [post.edited.said], () => [
      make("div", { className: "sides" }, side("original", post.edited.before), side("now", post.edited.after)),
    ]),
  ];
}

const viewed = (post) => (post.views === undefined ? "" : numbers.format(post.views));

function copy(post) {
  const signs = [
    post.lag,
    post.views === undefined ? null : `👁 ${viewed(post)}`,
    post.edited ? "✏️" : null,
    post.deleted,
  ];
  const summary = [make("b", {}, title(post)), ...signs.filter(Boolean).map((sign) => make("span", {}, sign))];
  summary.push(address(post));
  const item = folded("copy", summary, () => [
    make("p", { className: "marks" }, link(post, post.when)),
    marks(post),
    ...said(post),
    ...edits(post),
  ]);
  return make("li", {}, item);
}

function story(lead) {
  const others = storyOf(lead).filter((post) => post !== lead);
  if (!others.length) return [];
  const shown = others.length > COPIES_SHOWN + 1 ? others.slice(0, COPIES_SHOWN) : others;
  const list = make("ul", {}, ...shown.map(copy));
  const left = others.slice(shown.length);
  if (left.length) {
    const button = make("button", { type: "button", className: "more" }, say("more_posts", { n: left.length }));
    button.unfold = () => button.parentElement.replaceWith(...left.map(copy));
    button.addEventListener("click", button.unfold);
    list.append(make("li", {}, button));
  }
  return [make("div", { className: "story" }, make("p", {}, say("same_story", { n: others.length })), list)];
}

function row(post) {
  return make(
    "tr",
    { className: post.deleted ? "gone" : "" },
    make("td", { className: "time" }, link(post, post.when)),
    make("td", { className: "channel" }, title(post)),
    make("td", { className: "post" }, marks(post), ...said(post), ...edits(post), ...story(post)),
    make("td", { className: "views" }, viewed(post)),
  );
}

function column(key, ...orders) {
  const head = make("th", { scope: "col", className: key });
  const button = make("button", { type: "button" }, say(key));
  button.addEventListener("click", () => change({ order: orders[(orders.indexOf(state.order) + 1) % orders.length] }));
  head.append(orders.length ? button : say(key));
  head.mark = () => (head.ariaSort = orders.includes(state.order) ? DIRECTIONS[state.order] : "none");
  return head;
}

const heads = [
  column("time", "newest", "oldest"),
  column("channel", "alphabet"),
  column("post"),
  column("viewed", "views"),
];
const body = make("tbody");
const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
const nothing = make("p", { className: "nothing" });
const end = make("div");
let waiting = [];

// Rows are made as they come into sight: thousands at once would take seconds on a phone.
function showMore(count) {
  body.append(...waiting.splice(0, count).map(row));
}
const sight = new IntersectionObserver(
  ([entry]) => {
    if (!entry.isIntersecting || !waiting.length) return;
    showMore(ROWS_AT_ONCE);
    sight.unobserve(end); // observed anew, it says at once whether the end is still near
    sight.observe(end);
  },
  { rootMargin: "1500px" },
);
sight.observe(end);

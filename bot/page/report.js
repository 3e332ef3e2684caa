// The page: its filters, what a change of them changes, and what is printed.
"use strict";

function choice(name, all, options) {
  const select = make("select", { ariaLabel: say(name) }, make("option", { value: "" }, all));
  options.forEach((text, place) => select.append(make("option", { value: place }, text)));
  select.addEventListener("change", () => change({ [name]: select.value === "" ? null : Number(select.value) }));
  return select;
}

const choices = {
  topic: choice("topic", say("all_topics"), report.topics),
  channel: choice("channel", say("all_channels"), report.channels),
  language: choice("language", say("all_languages"), report.languages),
};
const words = make("input", { type: "search", placeholder: say("search"), ariaLabel: say("search") });
words.addEventListener("input", () => change({ words: words.value.trim() }));
const order = make("select", { ariaLabel: say("sort"), className: "order" });
for (const name of Object.keys(ORDERS)) order.append(make("option", { value: name }, say(name)));
order.addEventListener("change", () => change({ order: order.value }));
const day = make("button", { type: "button", className: "chip", onclick: () => change({ day: null }) });
const clear = make("button", { type: "button", className: "chip" }, say("clear"));
clear.addEventListener("click", () => change(NO_FILTER));
const found = make("output");

function change(changed) {
  Object.assign(state, changed);
  for (const [name, select] of Object.entries(choices)) select.value = state[name] ?? "";
  if (words.value.trim() !== state.words) words.value = state.words;
  order.value = state.order;
  day.hidden = state.day === null;
  day.textContent = state.day === null ? "" : say("only_day", { day: report.days[state.day] });
  clear.hidden = Object.keys(NO_FILTER).every((name) => state[name] === NO_FILTER[name]);
  draw();
}

function draw() {
  const posts = fitting();
  const perDay = fitting("topic", "day");
  charts.forEach((chart) => drawDaily(chart, perDay));
  drawChannels(fitting("channel"));
  waiting = leads(posts);
  found.textContent = say("found", {
    posts: say("posts", { n: posts.length }),
    stories: say("stories", { n: waiting.length }),
  });
  nothing.hidden = posts.length > 0;
  table.hidden = !posts.length;
  heads.forEach((head) => head.mark());
  body.replaceChildren();
  showMore(ROWS_AT_ONCE);
  sight.unobserve(end);
  sight.observe(end);
}

// Paper shows everything: all rows, all copies, both sides of each edit, in the colours of day.
let opened = [];
addEventListener("beforeprint", () => {
  document.documentElement.classList.add("paper");
  fit(() => 320, 160); // shrunk by the style for paper, so that the lines are fine
  more.click();
  loudest.open = true;
  showMore(waiting.length);
  document.querySelectorAll(".story .more").forEach((button) => button.unfold?.());
  opened = [...document.querySelectorAll("details.edits:not([open])")];
  opened.forEach((details) => {
    details.fill();
    details.open = true;
  });
});
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("paper");
  opened.forEach((details) => (details.open = false));
  toScreen();
});

nothing.textContent = say(report.posts.length ? "nothing" : "quiet");
const main = document.querySelector("main");
main.append(make("header", {}, make("h1", {}, report.title), ...report.facts.map((fact) => make("p", {}, fact))));
if (report.posts.length) {
  main.append(
    make("section", { className: "charts" }, make("div", {}, make("h2", {}, say("daily")), strips), loudest),
    make(
      "form",
      { className: "filters", onsubmit: () => false },
      words,
      choices.topic,
      choices.channel,
      choices.language,
      order,
      make("div", { className: "found" }, found, day, clear),
    ),
    table,
  );
}
main.append(nothing, end);
change({});

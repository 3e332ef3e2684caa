// What the page of a report does. What channels wrote is only ever put into text nodes.
"use strict";
(() => {
  const report = JSON.parse(document.getElementById("data").textContent);
  const language = document.documentElement.lang;
  const numbers = new Intl.NumberFormat(language);
  const plural = new Intl.PluralRules(language);
  const COLOURS = 5, CHANNELS_SHOWN = 8, COPIES_SHOWN = 4, ROWS_AT_ONCE = 40, HEIGHT = 100;

  // What is shown. `order` is one of ORDERS; the others let everything through while they are null or empty.
  const NO_FILTER = { topic: null, channel: null, language: null, day: null, words: "" };
  const state = { ...NO_FILTER, order: "newest" };

  // ---- Words and elements

  function say(key, values = {}) {
    const told = report.labels[key];
    const text = typeof told === "string" ? told : told[plural.select(values.n)] ?? told.other;
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

  // ---- Posts and stories

  const oldestFirst = [...report.posts].sort((a, b) => a.at - b.at);
  const stories = new Map();
  for (const post of oldestFirst) {
    const story = post.story ?? post;
    if (!stories.has(story)) stories.set(story, []);
    stories.get(story).push(post);
  }
  const storyOf = (post) => stories.get(post.story ?? post);
  const spread = (post) => new Set(storyOf(post).map((one) => one.channel)).size;
  const title = (post) => report.channels[post.channel];

  const ORDERS = {
    newest: (a, b) => b.at - a.at,
    oldest: (a, b) => a.at - b.at,
    views: (a, b) => (b.views ?? -1) - (a.views ?? -1),
    spread: (a, b) => spread(b) - spread(a),
    alphabet: (a, b) => title(a).localeCompare(title(b), language),
  };

  const fold = (text) => text.toLowerCase().replaceAll("ё", "е");
  function searched(post) {
    post.searched ??= fold([...post.text, post.edited?.before ?? []].flat().map(([text]) => text).join(""));
    return post.searched;
  }

  const TESTS = {
    topic: (post) => state.topic === null || post.topics.includes(state.topic),
    channel: (post) => state.channel === null || post.channel === state.channel,
    language: (post) => state.language === null || post.language === state.language,
    day: (post) => state.day === null || post.day === state.day,
    words: (post) => fold(state.words).split(/\s+/).every((word) => searched(post).includes(word)),
  };

  // Give the posts that pass all filters but those named: a chart shows also what its own filter leaves out.
  function fitting(...but) {
    const tests = Object.keys(TESTS).filter((name) => !but.includes(name) && state[name] !== NO_FILTER[name]);
    return oldestFirst.filter((post) => tests.every((name) => TESTS[name](post)));
  }

  // Of each story its first post that fits stands for it.
  function leads(posts) {
    const first = new Map();
    for (const post of posts) if (!first.has(post.story ?? post)) first.set(post.story ?? post, post);
    return [...first.values()].sort(ORDERS.newest).sort(ORDERS[state.order]);
  }

  // ---- Filters

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

  // ---- Charts

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = (topic) => css(`--topic-${topic % COLOURS}`);
  const whole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];

  function daily(name, topic) {
    const button = make("button", { type: "button" }, make("i", { className: `dot topic-${topic % COLOURS}` }), name);
    button.addEventListener("click", () => change({ topic: state.topic === topic ? null : topic }));
    const sum = make("output");
    const place = make("div", { className: "plot" });
    const chart = { topic, figure: make("figure", {}, make("figcaption", {}, button, sum), place), button };
    chart.show = (at) => {
      const count = at === null ? chart.total : chart.counts[at];
      sum.textContent = at === null ? numbers.format(count) : `${report.days[at]}: ${numbers.format(count)}`;
    };
    if (report.days.length > 1) chart.plot = plot(chart, place);
    return chart;
  }

  function plot(chart, place) {
    const bars = uPlot.paths.bars({ size: [0.72, 48] });
    const axis = { stroke: () => css("--faint"), font: "12px system-ui, sans-serif", ticks: { show: false }, gap: 4 };
    const plotted = new uPlot(
      {
        width: 320,
        height: HEIGHT,
        padding: [8, 22, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false }, points: { show: false } },
        scales: {
          x: { time: false, range: [-0.6, report.days.length - 0.4] },
          y: { range: (_, low, high) => [0, Math.max(4, high)] },
        },
        axes: [
          {
            ...axis,
            size: 24,
            space: 64,
            incrs: [1, 2, 7, 14, 28, 56, 112],
            grid: { show: false },
            values: (_, places) => places.map((at) => report.days[at] ?? ""),
          },
          { ...axis, size: 30, space: 24, incrs: whole, grid: { stroke: () => css("--line"), width: 1 } },
        ],
        series: [
          {},
          { paths: bars, points: { show: false }, fill: () => colour(chart.topic) + (state.day === null ? "" : "55") },
          { paths: bars, points: { show: false }, fill: () => colour(chart.topic) },
        ],
        hooks: { setCursor: [({ cursor }) => chart.counts && chart.show(cursor.idx ?? null)] },
      },
      [[], [], []],
      place,
    );
    plotted.over.addEventListener("click", () => {
      const at = plotted.cursor.idx ?? null;
      if (chart.counts[at]) change({ day: state.day === at ? null : at });
    });
    return plotted;
  }

  function drawDaily(chart, posts) {
    chart.counts = report.days.map(() => 0);
    for (const post of posts) if (post.topics.includes(chart.topic)) chart.counts[post.day] += 1;
    chart.total = state.day === null ? chart.counts.reduce((sum, count) => sum + count, 0) : chart.counts[state.day];
    chart.show(null);
    chart.figure.classList.toggle("other", state.topic !== null && state.topic !== chart.topic);
    chart.button.ariaPressed = String(state.topic === chart.topic);
    const chosen = chart.counts.map((count, at) => (at === state.day ? count : null));
    chart.plot?.setData([report.days.map((_, at) => at), chart.counts, chosen]);
  }

  const charts = report.topics.map(daily);
  const strips = make("div", { className: "strips" }, ...charts.map((chart) => chart.figure));
  const fit = (width, height) => charts.forEach((chart) => chart.plot?.setSize({ width: width(chart), height }));
  const toScreen = () => fit((chart) => Math.max(120, chart.figure.clientWidth), HEIGHT);
  new ResizeObserver(toScreen).observe(strips);
  const redraw = () => charts.forEach((chart) => chart.plot?.redraw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  const loud = report.channels.map((name, channel) => {
    const bar = make("i", { className: "bar" });
    const count = make("output");
    const button = make("button", { type: "button" }, make("span", {}, name), make("i", { className: "rail" }, bar), count);
    button.addEventListener("click", () => change({ channel: state.channel === channel ? null : channel }));
    return { channel, button, bar, count, item: make("li", {}, button) };
  });
  const channels = make("ol", { className: "channels" }, ...loud.slice(0, CHANNELS_SHOWN).map((one) => one.item));
  const rest = loud.slice(CHANNELS_SHOWN).map((one) => one.item);
  const more = make("button", { type: "button", className: "more" }, say("more_channels", { n: rest.length }));
  more.addEventListener("click", () => more.replaceWith(...rest));
  if (rest.length) channels.append(more);
  const loudest = make("details", { open: innerWidth > 600 }, make("summary", {}, make("h2", {}, say("by_channel"))), channels);

  function drawChannels(posts) {
    const counts = loud.map(() => 0);
    for (const post of posts) counts[post.channel] += 1;
    const most = Math.max(1, ...counts);
    for (const { channel, button, bar, count } of loud) {
      bar.style.width = `${(100 * counts[channel]) / most}%`;
      count.textContent = numbers.format(counts[channel]);
      button.classList.toggle("other", state.channel !== null && state.channel !== channel);
      button.ariaPressed = String(state.channel === channel);
    }
  }

  // ---- The table

  const link = (post, ...children) =>
    make("a", { href: post.link, target: "_blank", rel: "noopener noreferrer" }, ...children);
  const address = (post) => make("span", { className: "address" }, post.link); // for paper, where nothing can be tapped

  function said(post) {
    const [before, passage, after] = post.text;
    const text = make("p", { className: "text", lang: post.lang, dir: "auto" });
    if (before.length) text.append(make("span", { className: "rest" }, ...pieces(before)), make("span", { className: "cut" }, "… "));
    text.append(...pieces(passage));
    if (after.length) text.append(make("span", { className: "cut" }, " …"), make("span", { className: "rest" }, ...pieces(after)));
    if (!before.length && !after.length) return [text];
    const button = make("button", { type: "button", className: "more" }, say("whole"));
    button.addEventListener("click", () => {
      button.textContent = say(text.classList.toggle("whole") ? "shorter" : "whole");
    });
    return [text, button];
  }

  function marks(post) {
    const topics = post.topics.map((topic) =>
      make("span", { className: "topic" }, make("i", { className: `dot topic-${topic % COLOURS}` }), report.topics[topic]),
    );
    const facts = [report.languages[post.language], ...(post.facts ?? [])].map((fact) => make("span", {}, fact));
    const gone = post.deleted ? [make("strong", {}, post.deleted)] : [];
    return make("p", { className: "marks" }, ...topics, ...facts, ...gone, address(post));
  }

  function edits(post) {
    if (!post.edited) return [];
    if (!post.edited.before) return [make("p", { className: "marks" }, make("span", {}, post.edited.said))];
    const side = (key, list) =>
      make("div", {}, make("h3", {}, say(key)), make("p", { className: "text", lang: post.lang, dir: "auto" }, ...pieces(list)));
    return [
      folded("edits", [post.edited.said], () => [
        make("div", { className: "sides" }, side("original", post.edited.before), side("now", post.edited.after)),
      ]),
    ];
  }

  const viewed = (post) => (post.views === undefined ? "" : numbers.format(post.views));

  function copy(post) {
    const signs = [post.lag, post.views === undefined ? null : `👁 ${viewed(post)}`, post.edited ? "✏️" : null, post.deleted];
    const summary = [make("b", {}, title(post)), ...signs.filter(Boolean).map((sign) => make("span", {}, sign))];
    summary.push(address(post));
    const item = folded("copy", summary, () => [make("p", { className: "marks" }, link(post, post.when)), marks(post), ...said(post), ...edits(post)]);
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
    head.mark = () => (head.ariaSort = { [orders[0]]: "descending", [orders[1]]: "ascending" }[state.order] ?? "none");
    return head;
  }

  const heads = [column("time", "newest", "oldest"), column("channel", "alphabet"), column("post"), column("viewed", "views")];
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

  // ---- All of it

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
  main.append(
    make("header", {}, make("h1", {}, report.title), ...report.facts.map((fact) => make("p", {}, fact))),
  );
  if (report.posts.length) {
    main.append(
      make("section", { className: "charts" },
        make("div", {}, make("h2", {}, say("daily")), strips),
        loudest),
      make("form", { className: "filters", onsubmit: () => false }, words, choices.topic, choices.channel, choices.language, order,
        make("div", { className: "found" }, found, day, clear)),
      table,
    );
  }
  main.append(nothing, end);
  change({});
})();

// The charts, which are drawn by uPlot, and the bars of the channels. A tap on any of them filters.
"use strict";

const COLOURS = 5,
  CHANNELS_SHOWN = 8,
  HEIGHT = 100;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (topic) => css(`--topic-${topic % COLOURS}`);
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];

function daily(name, topic) {
  const button = make("button", { type: "button" }, make("i", { className: `dot topic-${topic % COLOURS}` }), name);
  button.addEventListener("click", () => change({ topic: state.topic === topic ? null : topic }));
  const sum = make("output");
  const place = make("div", { className: "plot", role: "img", ariaLabel: name });
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
      padding: [8, 22, 0, 8],
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
          space: 76,
          incrs: [1, 2, 7, 14, 28, 56, 112, 224, 448, 896, 1792],
          grid: { show: false },
          values: (_, places) => places.map((at) => report.days[at] ?? ""),
        },
        { ...axis, size: 30, space: 24, incrs: STEPS, grid: { stroke: () => css("--line"), width: 1 } },
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
  const button = make(
    "button",
    { type: "button" },
    make("span", {}, name),
    make("i", { className: "rail" }, bar),
    count,
  );
  button.addEventListener("click", () => change({ channel: state.channel === channel ? null : channel }));
  return { channel, button, bar, count, item: make("li", {}, button) };
});
const channels = make("ol", { className: "channels" }, ...loud.slice(0, CHANNELS_SHOWN).map((one) => one.item));
const rest = loud.slice(CHANNELS_SHOWN).map((one) => one.item);
const more = make("button", { type: "button", className: "more" }, say("more_channels", { n: rest.length }));
more.addEventListener("click", () => more.replaceWith(...rest));
if (rest.length) channels.append(more);
const loudest = make(
  "details",
  { open: innerWidth > 600 },
  make("summary", {}, make("h2", {}, say("by_channel"))),
  channels,
);

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

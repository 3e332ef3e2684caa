// Which posts are shown, and in which order.
"use strict";

// What is shown. `order` is one of ORDERS; the others let everything through while they are null or empty.
const NO_FILTER = { topic: null, channel: null, language: null, day: null, words: "" };
const state = { ...NO_FILTER, order: "newest" };

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
  post.searched ??= fold(
    [...post.text, post.edited?.before ?? []]
      .flat()
      .map(([text]) => text)
      .join(""),
  );
  return post.searched;
}

const TESTS = {
  topic: (post) => post.topics.includes(state.topic),
  channel: (post) => post.channel === state.channel,
  language: (post) => post.language === state.language,
  day: (post) => post.day === state.day,
  words: (post) =>
    fold(state.words)
      .split(/\s+/)
      .every((word) => searched(post).includes(word)),
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

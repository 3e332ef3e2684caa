"""The picture of a digest: flagged posts a day for each topic, one strip a topic, made to be read on a phone."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.render import text

WIDTH_PIXELS = 1080
"""A phone shows the picture at about a third of this, so 30 pixels are the smallest letters that are read well."""
STRIPS = 5
"""Topics that fit one picture; those with the most posts are shown."""

_DPI = 200
_WIDTH_INCHES = WIDTH_PIXELS / _DPI
_STRIP_INCHES = 1.06
_HEAD_INCHES, _FOOT_INCHES = 0.38, 0.36
# One picture for light and dark chats: a dark card glares in neither.
_BACKGROUND, _INK, _FAINT, _UNREAD = "#1c242e", "#f2f4f7", "#9aa6b5", "#2d3947"
# Okabe and Ito's colours, which differ for every kind of colour blindness: https://jfly.uni-koeln.de/color/
_COLOURS = ("#e69f00", "#56b4e9", "#2fbf8f", "#f07ba8", "#f0e442")
_WEEK = 7
_LABELLED_WEEKS = 5
_EDGE = 0.4
_NAME_LIMIT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What is written into the picture, in the chat's language.

    `title` stands on top, `usual` beside it where a dotted line shows what is usual; `topics` by the topic's name;
    `days`: one for each day, of which one a week is shown; `unread` stands where nothing was held yet.
    """

    title: str
    usual: str
    topics: Mapping[str, str]
    days: Sequence[str]
    unread: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Counts of flagged posts a day by topic, oldest first, all of one length.

    `marked`: how many of the last days the digest is about. `unread`: on how many of the first days nothing was held.
    `usual`: what is usual for a topic on a day, where that is known.
    """

    counts: Mapping[str, Sequence[int]]
    marked: int
    unread: int
    usual: Mapping[str, float]


def daily_chart(daily: Daily, labels: Labels) -> bytes:
    """Draw the picture as PNG. Takes about a third of a second: call it in a thread."""
    # Loading matplotlib takes longer than starting the rest of the bot.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = sorted(daily.counts, key=lambda topic: -sum(daily.counts[topic]))[:STRIPS]
    topics = [topic for topic in daily.counts if topic in shown]
    height = _HEAD_INCHES + _FOOT_INCHES + _STRIP_INCHES * len(topics)
    figure = Figure(figsize=(_WIDTH_INCHES, height), dpi=_DPI, facecolor=_BACKGROUND)
    title = drawable(f"{labels.title}  ┄ {labels.usual}" if daily.usual else labels.title)
    figure.text(0.035, 1 - 0.13 / height, title, color=_FAINT, size=10.5, va="top", parse_math=False)
    axes = figure.subplots(len(topics), 1, sharex=True, squeeze=False)[:, 0]
    figure.subplots_adjust(
        left=0.035, right=0.965, top=1 - (_HEAD_INCHES + 0.28) / height, bottom=_FOOT_INCHES / height, hspace=0.62
    )
    for number, (topic, strip) in enumerate(zip(topics, axes, strict=True)):
        _draw_strip(
            strip,
            daily,
            topic,
            text.line(drawable(labels.topics[topic]), _NAME_LIMIT),
            _COLOURS[number % len(_COLOURS)],
        )
    _draw_days(axes[-1], daily, labels)
    target = io.BytesIO()
    FigureCanvasAgg(figure).print_png(target)
    return target.getvalue()


def _draw_strip(strip: Any, daily: Daily, topic: str, name: str, colour: str) -> None:
    counts = daily.counts[topic]
    first_marked = len(counts) - daily.marked
    strip.set_facecolor(_BACKGROUND)
    strip.axvspan(-_EDGE, daily.unread - 0.5, color=_UNREAD, lw=0)
    bars = strip.bar(range(len(counts)), counts, width=0.74, color=colour, alpha=0.5)
    for bar in bars[first_marked:]:
        bar.set_alpha(1)
    strip.set_title(name, loc="left", color=colour, size=12.5, weight="bold", pad=4, parse_math=False)
    strip.set_title(str(sum(counts[first_marked:])), loc="right", color=_INK, size=12.5, weight="bold", pad=4)
    if topic in daily.usual:
        strip.hlines(daily.usual[topic], daily.unread - _EDGE, len(counts) - 1 + _EDGE, _INK, lw=1, ls=(0, (1, 2)))
    highest = max(range(len(counts)), key=lambda day: counts[day])
    if highest < first_marked and counts[highest]:
        strip.annotate(
            str(counts[highest]),
            (highest, counts[highest]),
            (0, 1.5),
            textcoords="offset points",
            color=_FAINT,
            size=9.5,
            ha="center",
        )
    strip.set_xlim(-_EDGE, len(counts) - 1 + _EDGE)
    strip.set_ylim(0, max(4, *counts) * 1.3)
    strip.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False)
    strip.spines[["left", "right", "top"]].set_visible(False)
    strip.spines["bottom"].set_color(_FAINT)


def _draw_days(strip: Any, daily: Daily, labels: Labels) -> None:
    last = len(labels.days) - 1
    weeks_apart = -(-len(labels.days) // (_LABELLED_WEEKS * _WEEK))
    shown = range(last, -1, -_WEEK * weeks_apart)
    # The labels at both ends keep within the strip.
    places = [day + _EDGE * ((day == last) - (day == 0)) for day in shown]
    strip.set_xticks(places, [drawable(labels.days[day]) for day in shown])
    strip.tick_params(labelbottom=True, labelsize=10.5, labelcolor=_FAINT, pad=4)
    for day, label in zip(shown, strip.get_xticklabels(), strict=True):
        label.set_parse_math(False)
        label.set_ha({last: "right", 0: "left"}.get(day, "center"))
        if day == last:
            label.set(color=_INK, weight="bold")
    if daily.unread >= _WEEK:
        place, above = (daily.unread - 1) / 2, strip.get_xaxis_transform()
        strip.text(place, 0.4, drawable(labels.unread), color=_FAINT, size=10.5, ha="center", transform=above)


def drawable(label: str) -> str:
    """Give what of a label the picture's font can draw; it has Latin, Cyrillic, Greek and more, but no emoji."""
    from matplotlib import font_manager

    known = font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap()
    return "".join(character for character in label if ord(character) in known).strip()

"""The picture of a digest: flagged posts a day for each topic, one strip a topic, made to be read on a phone."""

import io
from collections.abc import Collection, Mapping, Sequence
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
_LONE_STRIP_INCHES = 2.1
_HEAD_INCHES, _FOOT_INCHES = 0.38, 0.36
# One picture for light and dark chats: a dark card glares in neither.
_BACKGROUND, _INK, _FAINT, _UNREAD = "#1c242e", "#f2f4f7", "#9aa6b5", "#2d3947"
# Okabe and Ito's colours, which differ for every kind of colour blindness: https://jfly.uni-koeln.de/color/
_COLOURS = ("#e69f00", "#56b4e9", "#2fbf8f", "#f07ba8", "#f0e442")
_WEEK = 7
_LABELLED_WEEKS = 5
_EDGE = 0.4
_MOST_BARS = 100
"""With more days there would be no room between their bars."""
_WIDEST_PARTS = 250
"""A day that stands out is as wide as this part of the strip at least."""
_NAMES_A_STRIP = 5
_SHORT_NAME = 4
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
    `usual`: what is usual for a topic on a day, where that is known. `peaks`: days by their places that stand out, each
    with its count and its name; then no other is named, and on the right stands the sum of all days.
    """

    counts: Mapping[str, Sequence[int]]
    marked: int
    unread: int
    usual: Mapping[str, float]
    peaks: Mapping[str, Collection[int]] | None = None


def daily_chart(daily: Daily, labels: Labels) -> bytes:
    """Draw the picture as PNG. Takes about a third of a second: call it in a thread."""
    # Loading matplotlib takes longer than starting the rest of the bot.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = sorted(daily.counts, key=lambda topic: -sum(daily.counts[topic]))[:STRIPS]
    topics = [topic for topic in daily.counts if topic in shown]
    strips = _STRIP_INCHES * len(topics) if len(topics) > 1 else _LONE_STRIP_INCHES
    height = _HEAD_INCHES + _FOOT_INCHES + strips
    figure = Figure(figsize=(_WIDTH_INCHES, height), dpi=_DPI, facecolor=_BACKGROUND)
    title = drawable(f"{labels.title}  ┄ {labels.usual}" if daily.usual else labels.title)
    figure.text(0.035, 1 - 0.13 / height, title, color=_FAINT, size=10.5, va="top", parse_math=False)
    axes = figure.subplots(len(topics), 1, sharex=True, squeeze=False)[:, 0]
    figure.subplots_adjust(
        left=0.035, right=0.965, top=1 - (_HEAD_INCHES + 0.28) / height, bottom=_FOOT_INCHES / height, hspace=0.62
    )
    for number, (topic, strip) in enumerate(zip(topics, axes, strict=True)):
        colour = _COLOURS[number % len(_COLOURS)]
        name = text.line(drawable(labels.topics[topic]), _NAME_LIMIT)
        strip.set_title(name, loc="left", color=colour, size=12.5, weight="bold", pad=4, parse_math=False)
        _draw_strip(strip, daily, topic, colour)
        for place in _named(daily, topic):
            said = str(daily.counts[topic][place])
            if daily.peaks is not None and len(topics) == 1:
                said = f"{said} · {drawable(labels.days[place])}"
            _name_bar(strip, daily.counts[topic], place, said, bright=daily.peaks is not None)
    _draw_days(axes[-1], daily, labels)
    target = io.BytesIO()
    FigureCanvasAgg(figure).print_png(target)
    return target.getvalue()


def _draw_strip(strip: Any, daily: Daily, topic: str, colour: str) -> None:
    counts = daily.counts[topic]
    bright = set((daily.peaks or {}).get(topic, ())) | set(range(len(counts) - daily.marked, len(counts)))
    strip.set_facecolor(_BACKGROUND)
    strip.axvspan(-_EDGE, daily.unread - 0.5, color=_UNREAD, lw=0)
    if len(counts) > _MOST_BARS:
        strip.stairs(
            counts, [place - 0.5 for place in range(len(counts) + 1)], fill=True, color=colour, alpha=0.5, lw=0
        )
    else:
        faint = [place for place in range(len(counts)) if place not in bright]
        strip.bar(faint, [counts[place] for place in faint], width=0.74, color=colour, alpha=0.5)
    width = max(0.74, len(counts) / _WIDEST_PARTS)
    strip.bar(sorted(bright), [counts[place] for place in sorted(bright)], width=width, color=colour)
    total = str(sum(counts[len(counts) - daily.marked :] if daily.marked else counts))
    strip.set_title(total, loc="right", color=_INK, size=12.5, weight="bold", pad=4)
    if topic in daily.usual:
        strip.hlines(daily.usual[topic], daily.unread - _EDGE, len(counts) - 1 + _EDGE, _INK, lw=1, ls=(0, (1, 2)))
    strip.set_xlim(-_EDGE, len(counts) - 1 + _EDGE)
    strip.set_ylim(0, max(4, *counts) * 1.3)
    strip.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False)
    strip.spines[["left", "right", "top"]].set_visible(False)
    strip.spines["bottom"].set_color(_FAINT)


def _named(daily: Daily, topic: str) -> list[int]:
    """Give the days whose count is written above them: no two so near that their words would touch."""
    counts = daily.counts[topic]
    if daily.peaks is None:
        highest = max(range(len(counts)), key=lambda day: counts[day])
        return [highest] if highest < len(counts) - daily.marked and counts[highest] else []
    named: list[int] = []
    for place in sorted(daily.peaks.get(topic, ()), key=lambda place: -counts[place]):
        if all(abs(place - other) * _NAMES_A_STRIP >= len(counts) for other in named):
            named.append(place)
    return named


def _name_bar(strip: Any, counts: Sequence[int], place: int, said: str, *, bright: bool) -> None:
    # At both ends long words keep within the strip.
    part = place * _NAMES_A_STRIP // len(counts) if len(said) > _SHORT_NAME else _NAMES_A_STRIP // 2
    strip.annotate(
        said,
        (place, counts[place]),
        (0, 1.5),
        textcoords="offset points",
        color=_INK if bright else _FAINT,
        size=9.5,
        ha={0: "left", _NAMES_A_STRIP - 1: "right"}.get(part, "center"),
        parse_math=False,
    )


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

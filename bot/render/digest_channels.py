"""How far each channel is held in a digest's period and in all, and what proves it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.render import catalogue, phrases, proof, text
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Chains, ChannelCount, DigestData, Gap, Period
from bot.render.text import Span
from storage.models import ChannelInfo

_COMPLETE_CHANNELS = 20
_TROUBLE_LIMIT = 120
_HEAD_SHOWN = 8

Line = Sequence[Span]


def lines(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    """Give two lines for each channel, those first of which something is missing, and the sum of all chains."""
    missing = [channel for channel in data.channels if channel.gap]
    complete = [channel for channel in data.channels if not channel.gap]
    if not data.channels:
        return []
    complete.sort(key=lambda channel: -channel.read)
    shown, others = complete[:_COMPLETE_CHANNELS], complete[_COMPLETE_CHANNELS:]
    shown_lines: list[Line] = [line for channel in (*missing, *shown) for line in _channel(texts, data, channel, zone)]
    if others:
        posts = catalogue.text(texts, "digest.posts_read", n=sum(channel.read for channel in others))
        shown_lines.append(catalogue.spans(texts, "digest.more_complete", n=len(others), posts=posts))
    if data.chains is not None and data.period.channel is None:
        shown_lines.append(_chains(texts, data.chains))
    heading = Span(catalogue.text(texts, "digest.channels"), "bold")
    return [[Span("\n"), heading, Span("\n"), *shown_lines[0]], *shown_lines[1:]]


def _chains(texts: Catalogue, chains: Chains) -> Line:
    seal = Span(chains.seal, "code", quoted="folded")
    said = catalogue.spans(texts, "digest.chains", n=chains.channels, links=chains.links, seal=seal)
    return [span if span is seal else Span(span.text, quoted="folded") for span in said]


def _channel(texts: Catalogue, data: DigestData, channel: ChannelCount, zone: ZoneInfo) -> list[Line]:
    """Say what came of a channel in the period and, below, how far it is held in all."""
    counts = (
        ("digest.channel_edited", channel.edited),
        ("digest.channel_deleted", channel.deleted),
        ("digest.unreadable", channel.unreadable),
    )
    facts = [
        f"{'⚠️' if channel.gap else '✓'} {phrases.flagged_title(texts, channel.info)}",
        catalogue.text(texts, "digest.posts", n=channel.read),
        *(catalogue.text(texts, key, n=count) for key, count in counts if count),
        *([_gap(texts, channel.info, channel.gap, data.period, zone)] if channel.gap else []),
    ]
    held = proof.line(texts, channel.health, zone, now=data.now)
    if channel.head:
        head = catalogue.text(texts, "proof.chain", n=channel.links, head=channel.head[:_HEAD_SHOWN])
        held = f"{held}{phrases.SEPARATOR}{head}"
    return [[Span(phrases.SEPARATOR.join(facts), quoted="folded")], [Span(held, "italic", quoted="folded")]]


def _gap(texts: Catalogue, info: ChannelInfo, gap: Gap, period: Period, zone: ZoneInfo) -> str:
    when = "" if gap.at is None else phrases.moment(texts, gap.at, zone, near=period.end - 1)
    trouble = text.line(phrases.trouble(texts, info, gap.trouble), _TROUBLE_LIMIT)
    kind = "trouble_unchecked" if gap.kind == "trouble" and gap.at is None else gap.kind
    return catalogue.text(texts, f"digest.gap_{kind}", when=when, trouble=trouble)

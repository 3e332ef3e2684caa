"""How fast a post is told apart from all others: language, topics and what it is recognised by, and one comparison."""

import json
import time
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.pipeline import classify, fingerprint, stories
from bot.pipeline.classify import Classifier
from tests import records

POSTS = 5000
WANTED = 1500
PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.benchmark
def test_language_topics_and_marks_of_a_post(classifier: Classifier) -> None:
    texts = [pair["other"] for pair in PAIRS if len(pair["other"]) > 250]
    found = [records.post(number, text) for number, text in enumerate(islice(cycle(texts), POSTS), start=1)]
    begun = time.process_time()
    for post in found:
        classify.classify(classifier, post.text)
    classified = time.process_time()
    for post in found:
        stories.marks(post)
    marked = time.process_time()
    both = (marked - begun) / POSTS
    print(
        f"\n{POSTS} posts of {sum(len(post.text) for post in found) / POSTS:.0f} characters in the mean: language and "
        f"topics {1e6 * (classified - begun) / POSTS:.0f} µs, marks {1e6 * (marked - classified) / POSTS:.0f} µs each, "
        f"{1 / both:,.0f} a second"
    )
    assert 1 / both >= WANTED


@pytest.mark.benchmark
def test_a_comparison_of_two_posts() -> None:
    begun = time.process_time()
    for pair in PAIRS:
        fingerprint.likeness(pair["one"], pair["other"])
    each = (time.process_time() - begun) / len(PAIRS)
    print(f"\n{len(PAIRS)} pairs of posts compared, {1e6 * each:.0f} µs each")
    assert each < 0.002

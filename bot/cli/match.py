"""`homefront match`: JSON lines in, JSON lines out, in the same order, each as soon as it is decided."""

import argparse
import json
import math
import os
import sys
from typing import BinaryIO

from bot import settings
from bot.cli import topic_files
from bot.pipeline import classify

FINE = 0


def run(arguments: argparse.Namespace) -> int:
    """Answer the lines of standard input on standard output, in UTF-8 whatever the locale says."""
    local = settings.load_local(settings.process_environment(), settings.env_file(arguments.env))
    try:
        stream(topic_files.rules(local.data_dir).classifier, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        # Whoever reads has enough; without this Python complains once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FINE


def stream(classifier: classify.Classifier, source: BinaryIO, target: BinaryIO) -> None:
    """Answer each line of `source` on `target`; a line that cannot be read is answered with an error."""
    for number, line in enumerate(source, start=1):
        if line.strip():
            target.write(_encoded(_answer(classifier, number, line)) + b"\n")
            target.flush()


def _encoded(answer: dict[str, object]) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair in the id can only be sent back as it came: escaped
        return json.dumps(answer).encode("utf-8")


def _number(written: str) -> float:
    if math.isinf(number := float(written)):
        raise ValueError(f"{written} is out of range")
    return number


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is no number of JSON")


def _answer(classifier: classify.Classifier, number: int, line: bytes) -> dict[str, object]:
    try:
        asked = json.loads(line.decode("utf-8-sig"), parse_float=_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return {"id": None, "line": number, "error": f"not a line of JSON in UTF-8: {error}"}
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        known = asked.get("id") if isinstance(asked, dict) else None
        return {"id": known, "line": number, "error": 'write an object with "id" and "text"'}
    found = classify.classify(classifier, asked["text"])
    topics: dict[str, list[dict[str, object]]] = {}
    for match in found.matches:
        where = {"start": match.start, "end": match.end, "term": match.term}
        topics.setdefault(match.topic, []).append(where)
    return {"id": asked.get("id"), "language": found.language, "topics": topics}

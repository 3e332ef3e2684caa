"""The page of a report: one HTML file that asks nobody for anything, and runs nothing but what was put there."""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ACTING = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a page is made of: styles and scripts in their order, and the licence of the library for its charts."""

    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    licence: str


def page(parts: Parts, data: Mapping[str, Any], *, language: str, title: str, needs_script: str) -> str:
    """Put a page together.

    Its policy lets the scripts and styles in by their sums, so that none of another hand can ever run; nothing is
    loaded, sent or framed, and what would read a text as markup (innerHTML …) throws.

    Args:
        parts: what it is made of.
        data: what it shows, made of texts, numbers, lists and tables.
        language: the code of the language of its own words.
        title: its title.
        needs_script: what is shown where scripts do not run.
    """
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_sum, parts.scripts))}",
            f"style-src {' '.join(map(_sum, parts.styles))}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    return f"""<!doctype html>
<html lang="{html.escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<meta name="color-scheme" content="light dark">
<title>{html.escape(title)}</title>
{"".join(f"<style>{style}</style>" for style in parts.styles)}
</head>
<body>
<noscript>{html.escape(needs_script)}</noscript>
<main></main>
<script id="data" type="application/json">{_dump(data).translate(_ACTING)}</script>
<!-- The charts are drawn by uPlot.
{parts.licence}
-->
{"".join(f"<script>{script}</script>" for script in parts.scripts)}
</body>
</html>
"""


def _sum(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"

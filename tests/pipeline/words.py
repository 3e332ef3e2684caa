"""A few words with their forms, where tests need no dictionary, and rules made of them."""

from collections.abc import Iterable

from bot.pipeline import lexicon, query

_FORMS = {
    "мобилизация": "мобилизация мобилизации мобилизацию мобилизацией",
    "ротация": "ротация ротации ротацию ротацией",
    "дезертир": "дезертир дезертира дезертиры дезертиров",
    "повестка": "повестка повестки повестку повесток",
    "день": "день дня",
    "муж": "муж мужа мужей мужья",
    "вернуть": "вернуть верните вернули",
    "домой": "домой",
    "призов": "призов призову",
    "мобілізація": "мобілізація мобілізації",
}
_KNOWN = {"ru": {"призов", "муж", "это"}, "uk": {"призов", "муж"}}


class Words:
    """A dictionary of ten words; others have one form."""

    def forms(self, word: str, code: str) -> Iterable[str]:
        return _FORMS.get(word, word).split()

    def known(self, word: str, code: str) -> bool:
        return word in _KNOWN[code]


def book(*rules: str, language: str = "ru", topic: str = "war") -> lexicon.Lexicon:
    """Compile rules of one language."""
    return lexicon.compile_rules([rule(text, language=language, topic=topic) for text in rules], Words())


def rule(text: str, *, language: str = "ru", topic: str = "war") -> lexicon.RuleText:
    """Parse one rule that may name the list {родные}."""
    lists = {"родные": query.Choice((query.Word("муж", "forms"), query.Word("сын", "forms")), "родные")}
    return lexicon.RuleText(topic=topic, language=language, text=text, node=query.parse(text, lists))

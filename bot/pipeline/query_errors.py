"""What can be wrong with a rule: in a sentence for the terminal, by its kind for the languages of chats."""

SENTENCES = {
    "too_long": "the rule is longer than {most} characters: split it into several",
    "too_deep": "more than {most} brackets inside each other: write several rules",
    "too_many_conditions": "more than {most} conditions: write several rules",
    "too_many_words": "more than {most} words in a row: write several rules",
    "stray": "nothing opens this '{found}': remove it, or write '(' before",
    "bars": "put brackets around what '|' joins: ( … | … )",
    "ends": "the rule ends where a word is missing: write a word here",
    "missing": "'{found}' stands where a word is missing: write a word here",
    "nonsense": "'{found}' means nothing here: put it into \"quotes\" or remove it",
    "unclosed": "this '(' is never closed: write ')' where the group ends",
    "unclosed_list": "this '{' is never closed: write '}' after the name of the list",
    "no_list": "there is no list '{found}': known here are {known}",
    "no_lists": "there is no list '{found}': none is known here",
    "number": "'{found}': write a number of words from 0 to {most}",
    "scope": "'{found}': after the colon write a number of words, or 'text'",
    "no_word": "'{found}' holds no word: write letters or digits",
    "unclosed_quote": "this quotation mark is never closed: write '\"' after the phrase",
    "short_stem": "'{found}': write at least {least} letters before the star",
    "masked": "'{found}': after ~ write one plain word of at least {least} letters: ~word, or (~one | ~other)",
    "star": "'{found}': a star stands only at the end of a word, or at both ends: write it as in вод* or *вод*",
    "quoted_star": "in quotes a star means nothing: leave out the star, or the quotes",
    "operator": "'{found}': write '{small}' in small letters; if the word itself is meant, put it into \"quotes\"",
    "or": "'{found}': write '|' between alternatives; if the word itself is meant, put it into \"quotes\"",
    "not": "'{found}': write 'unless' before what excludes; if the word itself is meant, put it into \"quotes\"",
}
"""What can be wrong with a rule, by its kind, as the terminal says it."""


class QueryError(ValueError):
    """A rule cannot be read; the message says what to write, `position` counts characters from the rule's start.

    `kind` (of SENTENCES) and `values` say the same for another language.
    """

    def __init__(self, kind: str, position: int, **values: str | int) -> None:
        """Keep the place and the kind with the sentence."""
        sentence = SENTENCES[kind]
        for name, value in values.items():
            sentence = sentence.replace(f"{{{name}}}", str(value))
        super().__init__(sentence)
        self.position = position
        self.kind = kind
        self.values = values

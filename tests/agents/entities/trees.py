"""Parses written by hand, so that the rules are tested apart from any model."""

from schemas import ParsedText, Token


def tree(marked: str) -> ParsedText:
    """A parse from `word/TAG/dep/head` items; heads count from 1 within the sentence.

    Items are joined by blanks in the text; `_` before a word joins it to the former one. A blank
    line between items ends a sentence, `|` ends a paragraph. Tag, dep and head may be left out.
    """
    text = ""
    tokens: list[Token] = []
    sentences: list[tuple[int, int]] = []
    for paragraph in marked.split("|"):
        text = text + "\n" if text else text
        for sentence in paragraph.split("\n\n"):
            first = len(tokens)
            for item in sentence.split():
                word, tag, dep, head = (
                    item.split("/") + ["NN", "dep", "0"][len(item.split("/")) - 1 :]
                )
                joined = word.startswith("_") or not text or text.endswith("\n")
                word = word.removeprefix("_")
                text += word if joined else f" {word}"
                start = len(text) - len(word)
                index = len(tokens)
                above = first + int(head) - 1 if int(head) else index
                tokens.append(
                    Token(index, word, start, len(text), LEMMAS.get(word, word.lower()),
                          tag, POS.get(tag, "X"), dep, above, len(sentences))
                )  # fmt: skip
            sentences.append((first, len(tokens)))
    return ParsedText(text, tokens, sentences)


LEMMAS = {
    "said": "say", "says": "say", "told": "tell", "added": "add", "asked": "ask",
    "announced": "announce", "soldiers": "soldier", "drones": "drone", "days": "day",
    "talks": "talk", "ties": "tie", "called": "call", "was": "be", "were": "be",
    "accused": "accuse", "agreed": "agree", "Arms": "arm", "killed": "kill", "warned": "warn",
    "believes": "believe", "argued": "argue", "visited": "visit",
}  # fmt: skip
POS = {"VBD": "VERB", "VBZ": "VERB", "VB": "VERB", "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN"}

"""Marks words for translation where they are data; the name is the one that lupdate looks for."""


def QT_TRANSLATE_NOOP(context: str, words: str) -> str:  # noqa: ARG001 - read by lupdate
    """The words as they are; `QCoreApplication.translate(context, words)` translates them when shown."""
    return words

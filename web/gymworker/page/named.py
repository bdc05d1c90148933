"""Names of environments. Runs on the page."""


def is_module(name: str) -> bool:
    """Tell whether a name is that of a module of PettingZoo, ``mpe2.simple_spread_v3``."""
    path, mark, version = name.rpartition("_v")
    parts = path.split(".")
    return bool(mark) and version.isdigit() and len(parts) > 1 and all(map(_is_name, parts))


def _is_name(text: str) -> bool:
    signs = text.replace("_", "x")
    return bool(signs) and not signs[0].isdigit() and all(map(_is_letter_or_digit, signs))


def _is_letter_or_digit(sign: str) -> bool:
    return sign.isalpha() or sign.isdigit()

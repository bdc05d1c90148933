"""Seeds as people type them. Needs no document: runs on the page and in tests."""

LARGEST = 2**31 - 1
"""Of the seeds; NumPy's old generator and others take no more bits."""

DIGITS = "0123456789"
MOST = 40
"""Characters of what was typed that are shown again."""


def read_seed(text):
    """Read a seed.

    Args:
        text: ``7``, ``7.0`` and ``1e3`` are 7, 7 and 1000; nothing is any seed.

    Returns:
        The seed, None for any; and what is wrong with it, "" if nothing is.
    """
    text = text.strip()
    if not text:
        return None, ""
    digits, power = _number(text)
    if digits is None:
        return None, _expected(text)
    if digits.strip("0") == "":
        return 0, ""
    if power < 0:
        whole, rest = digits[:power], digits[power:]
        if len(digits) <= -power or rest.strip("0"):
            return None, _expected(text)
        digits, power = whole, 0
    digits = digits.lstrip("0")
    if len(digits) + power > len(str(LARGEST)):
        return None, _expected(text)
    seed = int(digits) * 10**power
    return (seed, "") if seed <= LARGEST else (None, _expected(text))


def _number(text):
    """Return the digits of a number and the power of ten that they are multiplied with."""
    text = text[1:] if text[:1] == "+" else text
    mantissa, mark, exponent = text.replace("E", "e").partition("e")
    whole, _, rest = mantissa.partition(".")
    sign = -1 if exponent[:1] == "-" else 1
    exponent = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    digits = whole + rest
    if not digits or (mark and not exponent) or len(digits) > MOST or len(exponent) > 9:
        return None, 0
    if [letter for letter in digits + exponent if letter not in DIGITS]:
        return None, 0
    return digits, sign * int(exponent or "0") - len(rest)


def _expected(text):
    shown = text if len(text) <= MOST else text[: MOST - 1] + "…"
    return "A seed is a whole number from 0 to " + str(LARGEST) + ", not “" + shown + "”."

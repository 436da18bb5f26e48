"""Bech32 text (BIP 173, without its length limit), as age writes its keys."""

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def bech32(prefix: str, data: bytes) -> str:
    """The data as lower-case Bech32 text with the given lower-case prefix."""
    words = _regroup(data, 8, 5, pad=True)
    assert words is not None
    checked = _expand(prefix) + words + [0] * 6
    residue = _polymod(checked) ^ 1
    check = [residue >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(_ALPHABET[word] for word in words + check)


def from_bech32(text: str) -> tuple[str, bytes] | None:
    """Prefix (in lower case) and data, or None when the text is not sound Bech32."""
    if not text.isascii() or text not in (text.lower(), text.upper()):
        return None
    prefix, separator, rest = text.lower().rpartition("1")
    if not separator or not prefix or len(rest) < 6 or any(sign not in _ALPHABET for sign in rest):
        return None
    words = [_ALPHABET.index(sign) for sign in rest]
    if _polymod(_expand(prefix) + words) != 1:
        return None
    data = _regroup(bytes(words[:-6]), 5, 8, pad=False)
    return None if data is None else (prefix, bytes(data))


def _expand(prefix: str) -> list[int]:
    return [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]


def _polymod(words: list[int]) -> int:
    residue = 1
    for word in words:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ word
        for at, generator in enumerate(_GENERATOR):
            residue ^= generator if top >> at & 1 else 0
    return residue


def _regroup(data: bytes, width: int, to: int, *, pad: bool) -> list[int] | None:
    held = bits = 0
    out: list[int] = []
    for value in data:
        held = held << width | value
        bits += width
        while bits >= to:
            bits -= to
            out.append(held >> bits & (1 << to) - 1)
    left = held & (1 << bits) - 1
    if pad:
        return [*out, left << to - bits] if bits else out
    return out if bits < width and not left else None

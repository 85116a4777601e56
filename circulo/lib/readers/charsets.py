"""Bytes turned into text, whatever was said of their charset."""

_ALIASES = {
    "": "ascii",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "ascii",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "shift_jis": "cp932",
    "windows-1252http-equivcontent-type": "cp1252",
}
_NOT_TEXT = frozenset(("base64", "quopri", "uu", "hex", "zlib", "bz2", "rot13", "idna", "punycode"))


def text_of(data: bytes, charset: str) -> str:
    """Bytes as text: the charset that was said if it fits, else the likeliest."""
    for name in (_real_charset(charset), "utf-8"):
        try:
            return data.decode(name).replace("\0", "")
        except (LookupError, ValueError):
            continue
    damaged = data.decode("utf-8", "replace")
    is_utf8 = sum(letter > "\x7f" for letter in damaged) > 2 * damaged.count("\ufffd")
    return (damaged if is_utf8 else data.decode("cp1252", "replace")).replace("\0", "")


def _real_charset(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    return "ascii" if name in _NOT_TEXT or name.endswith(("_codec", "_escape")) else name

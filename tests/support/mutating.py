"""Files with slips and damage, for readers that must take or refuse whatever they are given."""

from __future__ import annotations

import random

TOKENS = [
    b"", b"\t", b"\n", b"\r", b",", b";", b'"', b"\0", b"-1", b"1e999", b"NaN", b"99999999999999999999", b"09-Mar",
    b"2024-03-09", b"9,3", b"OL", b"X", b"<", b"&", b"]]>", b"\xff", b"\xc3\x28", b"[", b"= ", b"#TRUE#", b"0.5", b"?1",
    "٣".encode(), b"TH01", b"AMEL", b"Missing person", b"/", b"inf", b"1_000",
]  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few random slips: bytes changed, pieces cut, doubled, moved, or replaced by something nasty."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        span = chance.choice((1, 2, 8, 60))
        match chance.randrange(5):
            case 0 if at < len(changed):
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + span]
            case 2:
                changed[at:at] = changed[at : at + span]
            case 3:
                changed[at : at + chance.choice((0, 1, 3))] = chance.choice(TOKENS)
            case _:
                lines = bytes(changed).split(b"\n")
                chance.shuffle(lines) if chance.random() < 0.1 else lines.insert(
                    chance.randrange(len(lines)), chance.choice(lines)
                )
                changed = bytearray(b"\n".join(lines))
    return bytes(changed)

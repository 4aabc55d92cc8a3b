"""What words alone claim: 达成预期指标, 部分达成, 尚未开展.

A claim is an adverb, a verb and an object of the closed lists, nothing else.

>>> claim_of("达成预期指标"), claim_of("尚未开展"), claim_of("基本完成")
(<Tier.ACHIEVED: 'achieved'>, <Tier.NOT_ACHIEVED: 'not_achieved'>, None)
"""

from __future__ import annotations

import re

from perfeval.targets import Tier
from perfeval.text.words import Lexicon, lexicon

__all__ = ["claim_beside", "claim_of", "is_hedged"]

_LONGEST = 30
_DIGITS = frozenset("0123456789")


def claim_of(text: str) -> Tier | None:
    """Return the tier that *text* claims, `None` if it is no plain claim."""
    if not text or len(text) > _LONGEST or not _DIGITS.isdisjoint(text):
        return None
    words = lexicon()
    text = text.replace(" ", "").rstrip("。.;；,，!！")
    known = words.claims.get(text)
    if known is not None:
        return known
    part, tails = words.partly
    if text.startswith(part):
        end = _claimed(text, len(part), words)
        return Tier.PARTLY_ACHIEVED if end and (end == len(text) or text[end:] in tails.words) else None
    not_yet, tails = words.not_yet
    denied = not_yet.at(text, 0)
    if denied is not None:
        end = _claimed(text, len(denied[0]), words)
        return Tier.NOT_ACHIEVED if end and (end == len(text) or text[end:] in tails.words) else None
    adverb = words.claim_parts[0].at(text, 0)
    return Tier.ACHIEVED if _claimed(text, len(adverb[0]) if adverb else 0, words) == len(text) else None


def _claimed(text: str, position: int, words: Lexicon) -> int:
    """Where verb and object end, 0 if there is no verb."""
    _, verbs, objects = words.claim_parts
    verb = verbs.at(text, position)
    if verb is None:
        return 0
    position += len(verb[0])
    found = objects.at(text, position)
    return position if found is None else position + len(found[0])


def claim_beside(text: str) -> Tier | None:
    """Return the claim beside a figure; 未完成 alone may be what the figure counts.

    >>> claim_beside("，未达成预期指标"), claim_beside("未完成")
    (<Tier.NOT_ACHIEVED: 'not_achieved'>, None)
    """
    text = text.strip(" ,;，；、。.")
    claim = claim_of(text)
    denied = claim is Tier.NOT_ACHIEVED and not text.endswith(("指标", "目标", "较差"))
    return None if denied else claim


def is_hedged(text: str) -> bool:
    """Whether words claim a tier with a reservation: before it, within it, or behind a comma.

    >>> is_hedged("基本完成"), is_hedged("未按时完成"), is_hedged("已完成，尚未验收"), is_hedged("完成")
    (True, True, True, False)
    """
    if len(text) > _LONGEST:
        return False
    words = lexicon()
    for first in (words.hedges, words.not_yet[0]):
        # 未按时完成: late, or not done at all.
        found = first.at(text, 0)
        if found is not None and claim_of(text[len(found[0]) :]) is not None:
            return True
    mark = _COMMA.search(text)
    return mark is not None and claim_of(text[: mark.start()]) is not None and words.turns(text[mark.end() :])


_COMMA = re.compile("[,，;；。]")

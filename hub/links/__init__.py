"""Whether the pages that listings link to are still there, and when a listing is older than its source's usually get.

Pure rules: what an answer means, what follows from several of them over days, and what is too much to be believed.
"""

from hub.links.ageing import Norm, norm, old_before
from hub.links.judging import Answer, Found, Marks, Sight, judge
from hub.links.mass import Share, too_many
from hub.links.standing import Patience, Standing, Verdict, after, first_due, renewed

__all__ = [
    "Answer",
    "Found",
    "Marks",
    "Norm",
    "Patience",
    "Share",
    "Sight",
    "Standing",
    "Verdict",
    "after",
    "first_due",
    "judge",
    "norm",
    "old_before",
    "renewed",
    "too_many",
]

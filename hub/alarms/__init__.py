"""What is out of the ordinary with a source, so that a person looks before portals notice."""

from hub.alarms.alarm import LANGUAGES, Condition, Kind, sentence
from hub.alarms.conditions import conditions
from hub.alarms.facts import Facts, Mass, RunFacts

__all__ = ["LANGUAGES", "Condition", "Facts", "Kind", "Mass", "RunFacts", "conditions", "sentence"]

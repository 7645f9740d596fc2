"""Which municipality of Belgium a partner means; nothing where what it says contradicts itself."""

from collections.abc import Iterable, Mapping

from hub.clean.names import mend_capitals
from hub.model.issue import Issue, issue
from hub.model.vocabulary import PlacePrecision
from hub.pipeline.enrich.belgium import NONE, Gazetteer, Municipality, NisSet, gazetteer
from hub.pipeline.enrich.belgium_spelling import key
from hub.pipeline.enrich.place_reading import BELGIUM, Written, clean_code, is_marked, is_shared, wider_of
from hub.pipeline.enrich.place_said import CONFIDENCE, Centre, Found, Said, said_precision, shared, text_of, words

_SEVERAL = 0.8
_UNKNOWN_NAME = 0.9
_SHOWN = 6


class Belgian:
    """What is said of one place that may lie in Belgium, as sets of municipalities that must meet."""

    def __init__(self, said: Said, written: Written) -> None:
        self.said, self.written, self.tables = said, written, gazetteer()
        stated = clean_code(said.postal_code) if said.postal_code else None
        together = text_of(said) == said.postal_code
        self.stated = None if together else stated
        self.code = self.stated or self._written_code()
        self.coded = self.tables.by_postal_code.get(self.code) if self.code else None
        nis = self.tables.former.get(said.nis, said.nis) if said.nis else None
        self.numbered = frozenset({nis}) if nis and nis in self.tables.municipalities else None
        self.broad = self._broad()
        self.named = self._named()
        self.wider = [each for each in (*self._stated_wider(), written.wider) if each]

    def _written_code(self) -> str | None:
        """Return the code in the text; beside words that are no place only where it stands first, or a name agrees."""
        code, written = self.written.code, self.written
        if code is None or not written.unknown:
            return code
        agreed = bool(written.named and written.named & self.tables.by_postal_code[code])
        return code if agreed or (written.leading and self.said.municipality and not written.named) else None

    def _broad(self) -> NisSet | None:
        """Return the municipalities of the province that a name may also be; None where it is sure to be the town.

        In the field of the municipality only "Limburg" may be the province: the other capitals lie in theirs.
        """
        name = self.written.name
        if name is None or self.written.named is None or self.code:
            return None
        province = self.tables.by_province.get(key(name))
        if not province or (self.said.municipality and province & self.written.named):
            return None
        return province

    def _named(self) -> NisSet | None:
        written = self.written
        if written.name is None or written.named is None:
            return None
        if written.unknown and not (self.code and written.named & (self.coded or NONE)):
            return None
        limburg = self.tables.by_province.get(key(written.name), NONE)
        apart = limburg if not limburg & written.named else NONE
        return written.named | (self.broad or apart)

    def _stated_wider(self) -> Iterable[NisSet | None]:
        for stated in (self.said.province, self.said.region):
            yield wider_of(stated, self.tables) if stated else None

    def is_belgian(self) -> bool:
        """Say whether the place surely lies in Belgium."""
        said, written = self.said, self.written
        if BELGIUM in (said.country, written.country):
            return True
        marked = written.marked or bool(said.postal_code and is_marked(said.postal_code))
        if self.coded and (marked or (self.named and self.named & self.coded)):
            return True
        if self.numbered and (self.named or self.coded):
            return True
        text = text_of(said)
        if text and written.wider and not written.unknown and not is_shared(text):
            return True
        stated = [each for each in (said.province, said.region) if each and not is_shared(each)]
        return any(wider_of(each, self.tables) for each in stated)

    def found(self) -> Found:
        """Return what follows; nothing where it contradicts itself."""
        wrong = self._wrong()
        if wrong:
            return Found({}, said_precision(self.said), (wrong,))
        stated = [group for group in (self.coded, self.named, self.numbered, *self.wider) if group]
        agreed = frozenset.intersection(*stated) if stated else NONE
        known = [self.tables.municipalities[nis] for nis in sorted(self._preferred(agreed))]
        one = known[0] if len(known) == 1 else None
        method, confidence = self._method(one, known)
        return Found(
            self._changes(one, known),
            self._precision(known),
            (*self._unknown(), *self._doubts(one)),
            method,
            confidence,
            self._centre(one) if one else None,
        )

    def _preferred(self, agreed: NisSet) -> NisSet:
        """Return the municipalities that bear the name rather than those with a locality of that name."""
        name = self.written.name
        if len(agreed) < 2 or name is None or self.broad or not self.named:
            return agreed
        proper = agreed & self.tables.by_name.get(key(name), NONE)
        return proper or agreed

    def _wrong(self) -> Issue | None:
        """Return what contradicts itself."""
        if self.stated and self.written.code and self.stated != self.written.code:
            return self._against(self.coded or NONE)
        if _apart(self.coded, self.named):
            return self._mismatch("municipality-postal-code-mismatch", self.code, self.coded)
        if _apart(self.numbered, self.named):
            return self._mismatch("municipality-nis-mismatch", self.said.nis, self.numbered)
        if _apart(self.numbered, self.coded):
            return self._against(self.coded or NONE)
        return self._wrong_wider()

    def _wrong_wider(self) -> Issue | None:
        """Return that the province or region is not that of the place."""
        exact = [group for group in (self.coded, self.named, self.numbered) if group]
        agreed = frozenset.intersection(*exact) if exact else None
        for wider in self.wider:
            if _apart(agreed, wider):
                return self._against(agreed or NONE)
            agreed = wider if agreed is None else agreed & wider
        return self._against(NONE) if self.written.wider == NONE else None

    def _mismatch(self, code: str, value: str | None, meant: NisSet | None) -> Issue:
        expected = " / ".join(sorted(self.tables.municipalities[nis].name for nis in meant or NONE))
        return issue(code, "places", value, expected=expected, municipality=self.written.name or "")

    def _against(self, meant: NisSet) -> Issue:
        return issue("place-contradictory", "places", words(self.said), expected=_described(meant, self.tables))

    def _unknown(self) -> tuple[Issue, ...]:
        noticed = []
        if self.said.postal_code and not self.coded and self.stated:
            noticed.append(issue("postal-code-unknown", "places", self.said.postal_code))
        if self.said.nis and not self.numbered:
            noticed.append(issue("nis-unknown", "places", self.said.nis))
        return tuple(noticed)

    def _doubts(self, one: Municipality | None) -> tuple[Issue, ...]:
        """Return the warning that a name is of no place, or of several."""
        text, written = self.said.municipality, self.written
        if not text or one:
            return ()
        if written.several:
            return (issue("place-ambiguous", "places", text, expected=" / ".join(written.several)),)
        if self.named and not self.tables.by_region.get(key(written.name or "")):
            meant = [self.tables.municipalities[nis] for nis in sorted(written.named or NONE)]
            names = sorted({each.name for each in meant} | ({str(written.name)} if len(meant) == 1 else set()))
            return (issue("place-ambiguous", "places", text, expected=" / ".join(names[:_SHOWN])),)
        if written.unknown:
            return (issue("municipality-unknown", "places", text),)
        return ()

    def _method(self, one: Municipality | None, known: list[Municipality]) -> tuple[str, float]:
        name = self.written.name
        if self.coded:
            return "postal-code", 1.0 if self.named or not self.written.unknown else _UNKNOWN_NAME
        if self.numbered:
            return "nis", 1.0
        if self.named and name and (one or not self.broad):
            method = "municipality-name" if self.tables.by_name.get(key(name)) else "locality-name"
            alone = len(self.tables.called(name)) == 1
            return method, CONFIDENCE[method] if alone else _SEVERAL
        if shared(each.province for each in known):
            return "province-name", 1.0
        return ("region-name" if known else "country-name"), 1.0

    def _changes(self, one: Municipality | None, known: list[Municipality]) -> Mapping[str, str | None]:
        """Return what differs from what is said; what is replaced stays readable in ``original``."""
        follows = {
            "postal_code": self._postal_code(one),
            "nis": one.nis if one else None,
            "province": shared(each.province for each in known),
            "region": shared(each.region for each in known),
            "country": BELGIUM,
        }
        changes: dict[str, str | None] = {
            name: value for name, value in follows.items() if value and value != getattr(self.said, name)
        }
        name = self._name(one)
        if name != self.said.municipality:
            changes["municipality"] = name
        if any(getattr(self.said, name) for name in changes):
            changes["original"] = words(self.said)
        return changes

    def _postal_code(self, one: Municipality | None) -> str | None:
        if self.code and (self.coded or not self.stated):
            return self.code
        name = self.written.name
        if one is None or self.said.postal_code or (name and len(self.tables.called(name)) > 1):
            return None
        return self.tables.postal_code(one.nis, self._locality(one))

    def _name(self, one: Municipality | None) -> str | None:
        """Return the official name, the locality as it is said, or nothing where no municipality is said."""
        said, written = self.said.municipality, self.written
        if one is None and self.code and self.named and said:
            return mend_capitals(str(written.name))
        if one is None:
            return None if self._says_wider_only() else mend_capitals(said) if said else None
        if said and written.name is None and written.unknown:
            return mend_capitals(said)
        return self._locality(one) or one.name

    def _locality(self, one: Municipality) -> str | None:
        """Return the locality that is said, within this municipality; None where its own name is said."""
        name = self.written.name if self.named else None
        if name is None or one.nis in self.tables.official.get(key(name), NONE):
            return None
        return mend_capitals(name) if one.nis in self.tables.by_locality.get(key(name), NONE) else None

    def _says_wider_only(self) -> bool:
        """Say whether a province, region or country stands where the municipality should."""
        written = self.written
        if written.unknown or written.name or written.several or written.code:
            return False
        if self.stated and not self.stated.isdigit():
            return False
        return written.wider is not None or written.country is not None

    def _precision(self, known: list[Municipality]) -> PlacePrecision | None:
        if not known:
            said = self.said._replace(municipality=None) if self._says_wider_only() else self.said
            return said_precision(said._replace(country=BELGIUM))
        if len(known) == 1:
            return PlacePrecision.municipality
        if shared(each.province for each in known):
            return PlacePrecision.province
        return PlacePrecision.region if shared(each.region for each in known) else PlacePrecision.country

    def _centre(self, one: Municipality) -> Centre:
        locality = self._locality(one)
        method = "locality-centre" if locality else "municipality-centre"
        return Centre(self.tables.centre(one.nis, locality), method, CONFIDENCE[method])


def _apart(one: NisSet | None, other: NisSet | None) -> bool:
    """Say whether both are said and nothing is in both."""
    return bool(one and other and not one & other)


def _described(meant: NisSet, tables: Gazetteer) -> str:
    """Return what the municipalities share, finest first: ``Gent, Oost-Vlaanderen, Vlaanderen``."""
    known = [tables.municipalities[nis] for nis in sorted(meant)]
    told = (shared(getattr(each, name) for each in known) for name in ("name", "province", "region"))
    return ", ".join(part for part in told if part) or "België / Belgique"

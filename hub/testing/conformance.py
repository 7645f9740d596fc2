"""The conformance kit for pytest: a plugin's test file is four lines.

from hub_vdab.adapter import Vdab
from hub.testing import AdapterConformance

class TestVdab(AdapterConformance):
    adapter = Vdab
"""

import functools
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from hub.adapter import Adapter, RawRecord
from hub.testing import promises
from hub.testing.documents import Documents, Versions
from hub.testing.recording import recorded_in
from hub.testing.sandbox import Sandbox
from hub.testing.subject import Subject, usual_sandbox
from hub.testing.verdict import NotApplicable, Promise, Unreadable

RECORDINGS = "recordings"


def _kept(promise: Promise) -> Callable[["AdapterConformance"], None]:
    """Return the test of a promise."""

    @functools.wraps(promise)
    def test(self: "AdapterConformance") -> None:
        try:
            promise(self.subject())
        except Unreadable as unreadable:
            self._say_once(unreadable)

    return test


class AdapterConformance:
    """Every promise of an adapter as a test; a plugin's test derives from it.

    Class attributes:
        adapter: the class of the adapter.
        options: laid over those of the sandbox, such as small pages so that there are several; all options where the
            adapter has no sandbox. With documents, ``{address}`` in a text stands for where they are served.
        documents: files that the partner offers, by name, or their versions in time: the sandbox of an adapter that
            has none.
        news: fields that recordings hold although the partner documents none, such as those about persons.
    """

    adapter: ClassVar[type[Adapter[Any]]]
    options: ClassVar[Mapping[str, Any]] = {}
    documents: ClassVar[Mapping[str, Versions]] = {}
    news: ClassVar[Collection[str]] = ()
    _made: ClassVar[Subject | None] = None
    _said: ClassVar[bool] = False

    @classmethod
    def records(cls) -> Iterable[RawRecord]:
        """Return the recorded records in ``recordings`` beside the test: what `hub record` wrote there, or JSON files.

        A JSON file beside no ``index.json`` is one record as fetch yields it, with the name of the file as its id.
        """
        return recorded_in(Path(str(sys.modules[cls.__module__].__file__)).parent / RECORDINGS, cls.adapter)

    @classmethod
    def sandbox(cls) -> Sandbox | None:
        """Return a new stand-in for the partner, as small as it can be; None where there is none."""
        if cls.documents:
            return Documents(cls.documents, cls.options)
        build = usual_sandbox(cls.adapter)
        return build() if build else None

    @classmethod
    def subject(cls) -> Subject:
        """Return what is examined; what is costly about it is made once for all tests of a class."""
        made = cls.__dict__.get("_made")
        if made is None:
            cls._made = made = _subject_of(cls)
        return made

    @classmethod
    def _say_once(cls, unreadable: Unreadable) -> None:
        """Raise what most promises rest on in the first test that meets it; the others are skipped, and say why."""
        if cls.__dict__.get("_said"):
            raise NotApplicable(
                f"not examined, since {unreadable.seen.partition(':')[0]}; the first failed test says more"
            )
        cls._said = True
        raise unreadable

    @classmethod
    def teardown_class(cls) -> None:
        """Forget what was made for the tests of this class."""
        cls._made, cls._said = None, False

    test_name_and_version_are_well_formed = _kept(promises.card.name_and_version_are_well_formed)
    test_limitations_are_stated = _kept(promises.card.limitations_are_stated)
    test_unknown_options_are_refused = _kept(promises.card.unknown_options_are_refused)
    test_secrets_are_kept = _kept(promises.card.secrets_are_kept)
    test_every_record_becomes_a_listing_or_is_refused_with_a_reason = _kept(
        promises.records.every_record_becomes_a_listing_or_is_refused_with_a_reason
    )
    test_most_records_become_listings = _kept(promises.records.most_records_become_listings)
    test_the_same_record_gives_the_same_listing = _kept(promises.records.the_same_record_gives_the_same_listing)
    test_another_process_gives_the_same_listing = _kept(promises.records.another_process_gives_the_same_listing)
    test_the_order_of_records_does_not_matter = _kept(promises.records.the_order_of_records_does_not_matter)
    test_normalise_leaves_its_record_as_it_is = _kept(promises.records.normalise_leaves_its_record_as_it_is)
    test_normalise_touches_nothing = _kept(promises.records.normalise_touches_nothing)
    test_normalise_reads_no_clock_and_draws_no_lots = _kept(promises.records.normalise_reads_no_clock_and_draws_no_lots)
    test_dates_have_zones_and_are_plausible = _kept(promises.records.dates_have_zones_and_are_plausible)
    test_links_are_absolute = _kept(promises.records.links_are_absolute)
    test_no_field_is_unread = _kept(promises.strictness.no_field_is_unread)
    test_a_new_field_is_reported = _kept(promises.strictness.a_new_field_is_reported)
    test_a_missing_field_breaks_nothing = _kept(promises.strictness.a_missing_field_breaks_nothing)
    test_a_value_of_another_type_breaks_nothing = _kept(promises.strictness.a_value_of_another_type_breaks_nothing)
    test_an_unknown_value_is_reported = _kept(promises.strictness.an_unknown_value_is_reported)
    test_ids_are_texts_without_padding = _kept(promises.ids.ids_are_texts_without_padding)
    test_ids_are_unique = _kept(promises.ids.ids_are_unique)
    test_ids_are_stable = _kept(promises.ids.ids_are_stable)
    test_fetch_ends_with_one_end = _kept(promises.fetching.fetch_ends_with_one_end)
    test_complete_has_a_proof = _kept(promises.fetching.complete_has_a_proof)
    test_check_says_one_sentence = _kept(promises.fetching.check_says_one_sentence)
    test_check_raises_what_is_wrong = _kept(promises.fetching.check_raises_what_is_wrong)
    test_paging_ends = _kept(promises.fetching.paging_ends)
    test_the_order_of_the_list_does_not_matter = _kept(promises.fetching.the_order_of_the_list_does_not_matter)
    test_nothing_goes_round_the_client = _kept(promises.fetching.nothing_goes_round_the_client)
    test_a_429_is_waited_for = _kept(promises.faults.a_429_is_waited_for)
    test_a_partner_that_limits_for_ever_is_unavailable = _kept(
        promises.faults.a_partner_that_limits_for_ever_is_unavailable
    )
    test_refused_credentials_are_told = _kept(promises.faults.refused_credentials_are_told)
    test_a_failing_partner_is_unavailable = _kept(promises.faults.a_failing_partner_is_unavailable)
    test_an_html_page_is_no_data = _kept(promises.faults.an_html_page_is_no_data)
    test_an_empty_answer_is_no_data = _kept(promises.faults.an_empty_answer_is_no_data)
    test_half_a_body_is_no_data = _kept(promises.faults.half_a_body_is_no_data)
    test_half_a_document_is_no_data = _kept(promises.faults.half_a_document_is_no_data)
    test_a_slow_partner_is_left_in_time = _kept(promises.faults.a_slow_partner_is_left_in_time)
    test_an_unchanged_second_run_is_silent = _kept(promises.running.an_unchanged_second_run_is_silent)
    test_a_withdrawal_reaches_the_feed = _kept(promises.running.a_withdrawal_reaches_the_feed)
    test_no_person_of_the_sandbox_comes_out = _kept(promises.persons.no_person_of_the_sandbox_comes_out)
    test_nothing_published_leads_to_a_person = _kept(promises.persons.nothing_published_leads_to_a_person)


def _subject_of(tests: type[AdapterConformance]) -> Subject:
    # With documents the options are the sandbox's, which knows the address to put into them.
    options = {} if tests.documents else tests.options
    build = tests.sandbox if tests.sandbox() is not None else None
    return Subject(tests.adapter, build, options, tuple(tests.records()), tests.news)

"""Every promise of an adapter, by subject: a function each, whose docstring is the promise in words.

A promise takes a `Subject` and returns when it is kept; it raises `Broken`, saying what was seen and what to do, or
`NotApplicable`, saying why it cannot be examined.
"""

from hub.testing.promises import card, faults, fetching, ids, persons, records, running, strictness
from hub.testing.verdict import Promise

PROMISES: tuple[Promise, ...] = (
    card.name_and_version_are_well_formed,
    card.limitations_are_stated,
    card.unknown_options_are_refused,
    card.secrets_are_kept,
    records.every_record_becomes_a_listing_or_is_refused_with_a_reason,
    records.most_records_become_listings,
    records.the_same_record_gives_the_same_listing,
    records.another_process_gives_the_same_listing,
    records.the_order_of_records_does_not_matter,
    records.normalise_leaves_its_record_as_it_is,
    records.normalise_touches_nothing,
    records.normalise_reads_no_clock_and_draws_no_lots,
    records.dates_have_zones_and_are_plausible,
    records.links_are_absolute,
    strictness.no_field_is_unread,
    strictness.a_new_field_is_reported,
    strictness.a_missing_field_breaks_nothing,
    strictness.a_value_of_another_type_breaks_nothing,
    strictness.an_unknown_value_is_reported,
    ids.ids_are_texts_without_padding,
    ids.ids_are_unique,
    ids.ids_are_stable,
    fetching.fetch_ends_with_one_end,
    fetching.complete_has_a_proof,
    fetching.check_says_one_sentence,
    fetching.check_raises_what_is_wrong,
    fetching.paging_ends,
    fetching.the_order_of_the_list_does_not_matter,
    fetching.nothing_goes_round_the_client,
    faults.a_429_is_waited_for,
    faults.a_partner_that_limits_for_ever_is_unavailable,
    faults.refused_credentials_are_told,
    faults.a_failing_partner_is_unavailable,
    faults.an_html_page_is_no_data,
    faults.an_empty_answer_is_no_data,
    faults.half_a_body_is_no_data,
    faults.half_a_document_is_no_data,
    faults.a_slow_partner_is_left_in_time,
    running.an_unchanged_second_run_is_silent,
    running.a_withdrawal_reaches_the_feed,
    persons.no_person_of_the_sandbox_comes_out,
    persons.nothing_published_leads_to_a_person,
)
"""All of them, in the order in which they are told."""

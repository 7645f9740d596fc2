from hub.model.place import Place


def test_a_revised_block_equals_a_checked_one_and_leaves_the_first_alone() -> None:
    place = Place(municipality="GENT", postal_code="9000")
    revised = place.revised({"municipality": "Gent", "country": "BE"})
    assert revised == Place(municipality="Gent", postal_code="9000", country="BE")
    assert revised.model_dump_json(exclude_unset=True) == '{"postalCode":"9000","municipality":"Gent","country":"BE"}'
    assert place == Place(municipality="GENT", postal_code="9000")

"""Where the work is: municipality, region and country of the workplace."""

from typing import Any

from hub import Readings, View

_CODES = ("municipality_code", "municipality_concept_id", "region_code", "region_concept_id", "country_concept_id")


def read_place(ad: View, readings: Readings) -> tuple[dict[str, Any], ...]:
    """Return the workplace, as precise as the ad is; none where it says nothing."""
    address = ad.view("workplace_address")
    address.use(*_CODES, "country_code")
    town, region = address.text("municipality"), address.text("region")
    street, country = address.text("street_address"), address.text("country")
    longitude, latitude = _position(address.get("coordinates"))
    if not (street or town or region or country):
        address.use("postcode", "city")
        return ()
    place = {
        "street": street,
        "postal_code": _postal_code(address.text("postcode")),
        "municipality": town or address.text("city"),
        "region": region,
        "country": readings.find("country", country).get("country"),
        "longitude": longitude,
        "latitude": latitude,
        "precision": _precision(street, town, region),
        "original": ", ".join(part for part in (address.text("city") or town, region, country) if part),
    }
    return (place,)


def _position(value: Any) -> tuple[float | None, float | None]:
    """Return longitude and latitude, which JobTech gives in this order; None for both where one is missing."""
    match value:
        case [int() | float() as longitude, int() | float() as latitude]:
            return longitude, latitude
        case _:
            return None, None


def _postal_code(value: str | None) -> str | None:
    """Return a Swedish postal code as it is written: three digits, a space, two digits."""
    digits = value.replace(" ", "") if value else ""
    return f"{digits[:3]} {digits[3:]}" if len(digits) == 5 and digits.isdigit() else value


def _precision(street: str | None, town: str | None, region: str | None) -> str:
    if street:
        return "address" if any(map(str.isdigit, street)) else "street"
    if town:
        return "municipality"
    return "region" if region else "country"

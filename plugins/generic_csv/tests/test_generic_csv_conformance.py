"""Every promise of an adapter, kept by the one for files."""

from hub_generic_csv import GenericCsv

from hub.testing import AdapterConformance


class TestGenericCsv(AdapterConformance):
    adapter = GenericCsv

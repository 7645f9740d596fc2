"""Every promise of an adapter, kept by VDAB's."""

from hub_vdab.adapter import Vdab

from hub.testing import AdapterConformance


class TestVdab(AdapterConformance):
    adapter = Vdab
    options = {"page_size": 15, "batch_size": 15}  # noqa: RUF012 - several pages of a small market

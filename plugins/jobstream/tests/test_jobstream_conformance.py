"""Every promise of an adapter, over the stand-in of JobTech in both of its versions."""

from types import MappingProxyType

from hub_jobstream.adapter import Jobstream

from hub.testing.conformance import AdapterConformance


class TestJobstream(AdapterConformance):
    adapter = Jobstream


class TestJobstreamV1(AdapterConformance):
    adapter = Jobstream
    options = MappingProxyType({"version": "v1"})

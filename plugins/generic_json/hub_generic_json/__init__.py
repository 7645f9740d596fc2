"""Schakel adapter for any partner that answers JSON over HTTP, described by configuration alone."""

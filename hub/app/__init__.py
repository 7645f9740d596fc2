"""The composition root: the only place that knows every part and puts them together.

Import its modules, not the package: a command then loads only the parts it needs.
"""

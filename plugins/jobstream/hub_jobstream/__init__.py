"""Schakel adapter for the JobStream of JobTech: a snapshot, then windows of changes."""

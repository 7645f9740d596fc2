"""The kit for plugin authors: sandboxes that stand in for partners, and what their tests need."""

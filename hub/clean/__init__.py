"""Small pure tools for what partners write; nothing here knows the model."""

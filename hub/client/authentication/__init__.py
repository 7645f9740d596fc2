"""How a partner knows us: headers that do not change, and tokens that are asked for, kept and renewed."""

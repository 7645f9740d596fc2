"""What portals tell back: reports of records that are wrong, and how often records are used."""

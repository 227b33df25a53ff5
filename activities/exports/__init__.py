"""Files that leave the service for an administration, made from our own words."""

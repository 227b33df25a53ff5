"""The commands of `omea`, by who uses them."""

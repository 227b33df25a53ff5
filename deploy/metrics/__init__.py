"""The figures of the business, told by one process (`python -m deploy.metrics`), however many others there
are."""

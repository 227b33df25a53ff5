"""The figures of the business, told by one process, however many workers there are: `python -m deploy.metrics`."""

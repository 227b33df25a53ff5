"""The rules of the service, pure: no input or output, no clock, no framework."""

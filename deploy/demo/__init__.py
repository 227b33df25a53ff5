"""The demonstration: real requests played through HTTP, then everything read again and compared."""

"""A Stripe on this machine: the real SDK talks to it over HTTP, strict where Stripe is strict.

It is the outside world, not a part of the product: nothing in the product imports it.
"""

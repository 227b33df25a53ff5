"""What runs: settings, wiring, processes, the command line."""

import gc

# What a process loads stays until its end, and little of what is thrown away later goes in circles. To look
# for some after each 700 new objects, as Python would, takes a fifth of every start.
gc.set_threshold(20_000, 20, 20)

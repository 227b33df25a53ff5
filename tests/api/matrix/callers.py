"""Who asks in the matrix: each role, and others of it whose nothing is."""

STRANGER, CLIENT, OTHER_CLIENT = "stranger", "client", "other client"
TECHNICIAN, OTHER_TECHNICIAN = "technician", "other technician"
BACK_OFFICE, FINANCE = "back office", "finance"
CALLERS = (STRANGER, CLIENT, OTHER_CLIENT, TECHNICIAN, OTHER_TECHNICIAN, BACK_OFFICE, FINANCE)
# Whose nothing is of what paths name.
OTHERS = (OTHER_CLIENT, OTHER_TECHNICIAN)

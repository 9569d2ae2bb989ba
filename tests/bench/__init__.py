"""`make bench`: how fast it is, against the plain SQL or another stated limit, in one run and one table.

Figures drift with the machine and its neighbours; ratios taken in turns (A B A B …) drift far less, so every limit is
measured between the runs of what it is the limit of. Nothing here is a test: tests count statements instead.
"""

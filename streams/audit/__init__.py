"""The audit: proves from the topics alone that nothing was lost and nothing doubled.

ledger.py     what each raw record came to, one byte a record
recompute.py  a sample done again with the pure stages, compared byte for byte
run.py        the order in which the topics are read, which makes it exact while workers run
"""

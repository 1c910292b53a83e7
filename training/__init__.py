"""Training of the shipped English pipeline: open corpora in, `agents/entities/model/` out.

`python -m training all` runs every step; see README.md for the steps and what they need.
"""

"""Evaluations over data that is not part of the project: one command and one test a stage."""

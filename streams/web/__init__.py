"""Faust web views: what operators look at, and what machines ask."""

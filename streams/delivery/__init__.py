"""Exactly-once delivery for Faust agents: one Kafka transaction per batch and source partition."""

"""How a record changes: one package a stage, pure functions over records, no Kafka, no clock."""

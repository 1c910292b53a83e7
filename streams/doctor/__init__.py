"""The doctor: looks at settings, machine, stages and broker, and names each fault with its fix.

finding.py   what a check says
machine.py   disk, memory, clock, ports, files
stages.py    model and lists
reach.py     from the name of the broker to its greeting: DNS, TCP, TLS, SASL
cluster.py   topics, transaction log, rights, group, workers
examine.py   all of them, in order
"""

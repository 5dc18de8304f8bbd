"""The sequencer: one total order of commands, the node that keeps it, and the replicas that read it."""

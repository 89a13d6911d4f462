"""The command line: what an operator of the installation can do."""

"""The mentor pools of incubators, and what an operator sees of the incubator."""

"""What changes pools and the incubators that keep them: a module for each thing."""

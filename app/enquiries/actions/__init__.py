"""What can be done with a question to a human: asking, answering, recalling it."""

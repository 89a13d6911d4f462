"""The room of documents: files that organisations keep, and whom they show them to."""

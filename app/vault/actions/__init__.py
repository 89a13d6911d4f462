"""Use cases of documents, by what is done: uploading, sharing, reporting, deleting."""

"""What is said: labels, wordings, places, formats, languages and limits of texts."""

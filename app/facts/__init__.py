"""The room of facts: what is known of startups and providers, from where, and who confirmed it."""

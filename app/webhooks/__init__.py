"""Webhooks: an incubator's other systems are told what happens here."""

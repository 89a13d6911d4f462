"""Accounts: registering, logging in, memberships, invitations, acting for another."""

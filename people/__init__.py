"""Accounts, roles, rights and links: the only room that knows passwords and one-time codes."""

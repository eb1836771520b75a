"""Notices: messages to one person, rows first, mails later."""

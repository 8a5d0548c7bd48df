"""Messages → inboxes: the only room that knows SMTP, DKIM and CSS inlining."""

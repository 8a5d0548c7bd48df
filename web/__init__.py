"""The pages that readers see: the only room that knows their requests. French lives here."""

"""The commands, by subject. Heavy libraries are imported inside the commands that need them."""

/// Rule files to decisions.

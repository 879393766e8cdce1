// Who is calling: users with passwords, API keys, tokens, certificates.

// The network below the wire APIs: sockets, TLS, timeouts, limits.

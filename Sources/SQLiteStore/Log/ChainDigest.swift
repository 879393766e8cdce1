#if SQLite
  import PolicyGate

  #if Signing
    import Crypto
  #endif

  extension LogHead {
    /// The entry that a record becomes behind this head, as `appending` makes it: by the library
    /// that signs heads, where there is one, because it uses the processor's own instructions. Who
    /// verifies the chain uses the engine's.
    func entry(of bytes: [UInt8]) -> LogEntry {
      #if Signing
        appending(bytes) { parts in
          var digest = Crypto.SHA256()
          for part in parts { digest.update(data: part) }
          // As a sequence, a digest is three arrays before it is one.
          return unsafe digest.finalize().withUnsafeBytes { unsafe Array($0) }
        }
      #else
        appending(bytes)
      #endif
    }
  }
#endif

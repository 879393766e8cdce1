#if Server
  import CCrypt

  /// The hashes of Elasticsearch's and OpenSearch's files, checked by the C library.
  ///
  /// bcrypt looks at the first 72 bytes of a password and no further: so did the systems that the
  /// hashes come from.
  enum Bcrypt {
    /// Whether a text is a hash that can be checked in reasonable time.
    static func check(_ text: String) throws(PasswordFault) {
      let bytes = Array(text.utf8)
      let alphabet = Set("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
      guard bytes.count == 60, bytes[6] == UInt8(ascii: "$"),
        let tens = digit(bytes[4]), let ones = digit(bytes[5]),
        bytes[7...].allSatisfy({ alphabet.contains($0) })
      else {
        throw PasswordFault(
          "the bcrypt hash is not `$2y$`, two digits, `$`, and 53 letters, digits, `.` or `/`")
      }
      guard AuthenticationLimits.bcryptCosts.contains(tens * 10 + ones) else {
        throw PasswordFault(
          "the bcrypt hash's cost must be within \(AuthenticationLimits.bcryptCosts)")
      }
    }

    private static func digit(_ byte: UInt8) -> Int? {
      byte >= 0x30 && byte <= 0x39 ? Int(byte - 0x30) : nil
    }

    /// The password has no NUL, at which C would stop reading.
    static func matches(_ password: [UInt8], _ hash: String) -> Bool {
      var output = [CChar](repeating: 0, count: 128)
      let phrase = password.map { CChar(bitPattern: $0) } + [0]
      guard unsafe modelgate_crypt(phrase, hash, &output, output.count) == 0 else { return false }
      let found = output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return isSameSecret(found, Array(hash.utf8))
    }
  }
#endif

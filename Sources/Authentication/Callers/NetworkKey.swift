#if Server
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// From where failed attempts are counted together.
  enum NetworkKey {
    /// An IPv4 address by itself; of an IPv6 address the first 64 bits, because whoever has one
    /// address has all of the network. Other texts are what they are.
    static func of(_ address: String?) -> String {
      guard let address else { return "" }
      let plain = address.split(separator: "%").first.map(String.init) ?? ""
      var bytes = [UInt8](repeating: 0, count: 16)
      guard plain.contains(":"), unsafe inet_pton(AF_INET6, plain, &bytes) == 1 else {
        return address
      }
      // IPv4 in the clothes of IPv6: `::ffff:192.0.2.1`.
      if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
        return bytes[12...].map { String($0) }.joined(separator: ".")
      }
      return bytes[..<8].map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
  }
#endif

#if Server
  import GateServer

  /// What the header `Authorization` of a request presents.
  enum Credentials: Hashable {
    case password(name: String, [UInt8])
    case apiKey(id: String, secret: String)
    case token(String)

    struct Fault: Error {
      let reason: String
      init(_ reason: String) { self.reason = reason }
    }

    /// Nil if the request has no such header.
    ///
    /// - Throws: `Fault` if it has one, and that is of no use. It is then not a request without
    ///   credentials.
    static func read(_ request: WireRequest) throws(Fault) -> Credentials? {
      let headers = request.headers.all("Authorization")
      guard let header = headers.first else { return nil }
      guard headers.count == 1 else { throw Fault("there are several headers `Authorization`") }
      guard header.utf8.count <= AuthenticationLimits.credentialBytes + 16 else {
        throw Fault("the credentials are longer than \(AuthenticationLimits.credentialBytes) bytes")
      }
      let parts = header.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { throw Fault("the header `Authorization` has no credentials") }
      let value = parts[1].drop { $0 == " " }
      guard value.utf8.count <= AuthenticationLimits.credentialBytes else {
        throw Fault("the credentials are longer than \(AuthenticationLimits.credentialBytes) bytes")
      }
      switch parts[0].lowercased() {
      case "basic": return try password(value)
      case "apikey": return try apiKey(value)
      // A token of three parts has two dots, and Base64 has none.
      case "bearer": return value.contains(".") ? .token(String(value)) : try apiKey(value)
      default: throw Fault("the scheme of the header `Authorization` is not known")
      }
    }

    /// RFC 7617, in UTF-8.
    private static func password(_ value: Substring) throws(Fault) -> Credentials {
      let (name, password) = try sides(value)
      guard Naming.userFault(name) == nil else { throw Fault("the name can't be one of a user") }
      guard password.count <= AuthenticationLimits.passwordBytes else {
        throw Fault("the password is longer than \(AuthenticationLimits.passwordBytes) bytes")
      }
      return .password(name: name, Array(password))
    }

    private static func apiKey(_ value: Substring) throws(Fault) -> Credentials {
      let (id, secret) = try sides(value)
      guard !id.isEmpty, let text = String(validating: secret, as: UTF8.self), !text.isEmpty else {
        throw Fault("the API key is not `id:secret` in Base64")
      }
      return .apiKey(id: id, secret: text)
    }

    private static func sides(_ value: Substring) throws(Fault) -> (String, ArraySlice<UInt8>) {
      guard let bytes = Base64.bytes(of: value),
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
        let first = String(validating: bytes[..<colon], as: UTF8.self)
      else { throw Fault("the credentials are not two texts with a colon, in Base64") }
      return (first, bytes[(colon + 1)...])
    }
  }
#endif

#if Server
  import CEL

  /// A token taken apart, before any key is looked for: what its header may say is decided here and
  /// not by a library.
  struct TokenParts {
    let keyID: String
    let algorithm: TokenAlgorithm
    /// The claims, not yet proven.
    let claims: JSONTape

    /// Why a token proves nothing. For the log: a caller is not told.
    struct Fault: Error {
      let reason: String
      init(_ reason: String) { self.reason = reason }
    }

    /// Members of a header that would bring their own key, or change what the signature means.
    private static let refused = ["crit", "jku", "jwk", "x5u", "x5c", "b64", "enc", "zip"]

    /// What a token may call itself.
    private static let types: Set<String> = [
      "jwt", "at+jwt", "application/jwt", "application/at+jwt",
    ]

    init(_ token: String) throws(Fault) {
      guard token.utf8.count <= AuthenticationLimits.credentialBytes else {
        throw Fault("the token is longer than \(AuthenticationLimits.credentialBytes) bytes")
      }
      let parts = token.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3 else { throw Fault("the token has not three parts") }
      let header = try Self.object(parts[0], "header")
      claims = try Self.object(parts[1], "claims")
      guard let signature = Base64.bytes(of: parts[2], .url), !signature.isEmpty else {
        throw Fault("the token has no signature")
      }
      for name in Self.refused where header.member(name, of: header.root) != nil {
        throw Fault("the token's header has `\(name)`")
      }
      if let type = try Self.text("typ", header), !Self.types.contains(type.lowercased()) {
        throw Fault("the token's type is another")
      }
      if header.member("cty", of: header.root) != nil { throw Fault("the token holds another one") }
      guard let name = try Self.text("alg", header), let algorithm = TokenAlgorithm(rawValue: name)
      else { throw Fault("the token's algorithm is not allowed") }
      guard let id = try Self.text("kid", header), !id.isEmpty else {
        throw Fault("the token does not say its key")
      }
      (self.algorithm, keyID) = (algorithm, id)
    }

    private static func text(_ name: String, _ header: JSONTape) throws(Fault) -> String? {
      guard let node = header.member(name, of: header.root) else { return nil }
      guard header.kind(of: node) == .string else { throw Fault("`\(name)` is not a text") }
      return header.string(of: node)
    }

    /// One part: names are there once, and everything is bounded.
    private static func object(_ part: Substring, _ what: String) throws(Fault) -> JSONTape {
      guard let bytes = Base64.bytes(of: part, .url) else {
        throw Fault("the token's \(what) is not Base64")
      }
      var tape = JSONTape()
      let limits = JSONLimits(
        bytes: AuthenticationLimits.credentialBytes, depth: AuthenticationLimits.tokenDepth,
        nodes: AuthenticationLimits.tokenValues)
      do throws(JSONError) {
        try tape.read(bytes, limits: limits)
      } catch {
        throw Fault("the token's \(what) can't be read: \(error.message)")
      }
      guard tape.kind(of: tape.root) == .object else {
        throw Fault("the token's \(what) is not an object")
      }
      return tape
    }
  }
#endif

#if Server
  import CEL
  import GateServer

  /// What a token with a good signature says, checked against what is expected of it.
  struct TokenClaims {
    private let tape: JSONTape
    private let settings: TokenSettings

    init(_ tape: JSONTape, _ settings: TokenSettings) {
      (self.tape, self.settings) = (tape, settings)
    }

    /// The caller.
    ///
    /// - Parameter now: Milliseconds since the Unix epoch.
    func caller(at now: Int64) throws(TokenParts.Fault) -> Caller {
      try checkTimes(now)
      try checkParties()
      guard let name = try text(settings.nameClaim) else {
        throw TokenParts.Fault("the token has no `\(settings.nameClaim)`")
      }
      if let fault = Naming.fault(name) {
        throw TokenParts.Fault("the token's `\(settings.nameClaim)` is no name: \(fault)")
      }
      var attributes: [String: CELValue] = [:]
      for (attribute, claim) in settings.attributeClaims {
        if let node = node(claim) { attributes[attribute] = tape.value(of: node) }
      }
      return Caller(
        name: name, roles: try names(settings.rolesClaim),
        backendRoles: try names(settings.backendRolesClaim),
        fullName: try settings.fullNameClaim.flatMap { claim throws(TokenParts.Fault) in
          try text(claim)
        },
        proof: .token, realm: settings.issuer, attributes: attributes)
    }

    /// RFC 7519, section 4.1: `exp` is required here, `nbf` and `iat` must not lie ahead.
    private func checkTimes(_ now: Int64) throws(TokenParts.Fault) {
      let (now, skew) = (Double(now) / 1_000, Double(settings.clockSkew))
      guard let expires = try time("exp") else { throw TokenParts.Fault("the token has no `exp`") }
      guard now < expires + skew else { throw TokenParts.Fault("the token has expired") }
      for name in ["nbf", "iat"] {
        guard try time(name).map({ now >= $0 - skew }) ?? true else {
          throw TokenParts.Fault("the token's `\(name)` lies ahead")
        }
      }
    }

    private func checkParties() throws(TokenParts.Fault) {
      guard let issuer = try text("iss"), issuer.utf8.elementsEqual(settings.issuer.utf8) else {
        throw TokenParts.Fault("the token is another issuer's")
      }
      let audiences = try names("aud")
      let isForUs = audiences.contains { audience in
        settings.audiences.contains { $0.utf8.elementsEqual(audience.utf8) }
      }
      guard isForUs else { throw TokenParts.Fault("the token is meant for others") }
    }

    // MARK: Claims

    /// The value of a claim of this name, or else of where the path leads.
    private func node(_ claim: String) -> Int? {
      if let node = tape.member(claim, of: tape.root) { return node }
      var node = tape.root
      for name in claim.split(separator: ".") {
        guard let member = tape.member(String(name), of: node) else { return nil }
        node = member
      }
      return node == tape.root ? nil : node
    }

    private func text(_ claim: String) throws(TokenParts.Fault) -> String? {
      guard let node = node(claim) else { return nil }
      guard tape.kind(of: node) == .string else {
        throw TokenParts.Fault("the token's `\(claim)` is not a text")
      }
      return tape.string(of: node)
    }

    private func time(_ claim: String) throws(TokenParts.Fault) -> Double? {
      guard let node = tape.member(claim, of: tape.root) else { return nil }
      switch tape.kind(of: node) {
      case .int: return Double(tape.nodes[node].int)
      case .double: return tape.nodes[node].double
      default: throw TokenParts.Fault("the token's `\(claim)` is not a time")
      }
    }

    /// A list of texts, or one text. Scopes (RFC 8693, section 4.2) are several in one text.
    private func names(_ claim: String?) throws(TokenParts.Fault) -> [String] {
      guard let claim, let node = node(claim) else { return [] }
      var names: [String] = []
      switch tape.kind(of: node) {
      case .string where claim == "scope" || claim == "scp":
        names = tape.string(of: node).split(separator: " ").map(String.init)
      case .string: names = [tape.string(of: node)]
      case .array:
        for element in tape.children(of: node) {
          guard tape.kind(of: element) == .string else {
            throw TokenParts.Fault("the token's `\(claim)` holds what is not a text")
          }
          names.append(tape.string(of: element))
        }
      default: throw TokenParts.Fault("the token's `\(claim)` is no list of texts")
      }
      for name in names {
        if let fault = Naming.fault(name) {
          throw TokenParts.Fault("the token's `\(claim)` holds what is no name: \(fault)")
        }
      }
      return names
    }
  }
#endif

#if Server
  /// Which signed tokens (RFC 7519) prove who is calling.
  public struct TokenSettings: Hashable, Sendable {
    /// Who issues them: `iss`, byte for byte.
    public var issuer: String
    /// For whom they are meant: one of these must be in `aud`. Never empty.
    public var audiences: [String]
    /// The signatures that are believed. Symmetric ones and `none` do not exist here.
    public var algorithms: [TokenAlgorithm]
    /// The issuer's public keys, as a JSON Web Key Set (RFC 7517). Read again when it changes.
    public var keySetFile: String
    /// The algorithm of keys that do not say theirs, by key id. A key of which it is not known which
    /// one it is for is not used: a token must not choose.
    public var keyAlgorithms: [String: TokenAlgorithm]
    /// Seconds by which the issuer's clock may differ: at most `AuthenticationLimits.clockSkew`.
    public var clockSkew: Int
    /// The claim that is the caller's name.
    public var nameClaim: String
    /// The claim that holds the caller's roles: a list of texts, or one text. A path such as
    /// `realm_access.roles` leads into objects. Nil: tokens give no roles.
    public var rolesClaim: String?
    /// The same of backend roles.
    public var backendRolesClaim: String?
    /// The claim that is the caller's full name.
    public var fullNameClaim: String?
    /// Claims that policies see as attributes, by attribute.
    public var attributeClaims: [String: String]

    /// Settings whose other parts are the usual ones.
    public init(
      issuer: String, audiences: [String], keySetFile: String,
      algorithms: [TokenAlgorithm] = [.rs256, .es256],
      keyAlgorithms: [String: TokenAlgorithm] = [:], clockSkew: Int = 30, nameClaim: String = "sub",
      rolesClaim: String? = nil, backendRolesClaim: String? = nil, fullNameClaim: String? = "name",
      attributeClaims: [String: String] = [:]
    ) {
      (self.issuer, self.audiences, self.keySetFile) = (issuer, audiences, keySetFile)
      (self.algorithms, self.keyAlgorithms) = (algorithms, keyAlgorithms)
      (self.clockSkew, self.nameClaim, self.rolesClaim) = (clockSkew, nameClaim, rolesClaim)
      (self.backendRolesClaim, self.fullNameClaim) = (backendRolesClaim, fullNameClaim)
      self.attributeClaims = attributeClaims
    }

    /// - Throws: `FileFault` for settings that would let in more than was meant.
    func check() throws(FileFault) {
      func refuse(_ message: String) -> FileFault { FileFault("invalid-settings", message) }
      guard !issuer.isEmpty else { throw refuse("the tokens' issuer must not be empty") }
      guard !audiences.isEmpty, !audiences.contains("") else {
        throw refuse("the tokens' audiences must not be empty: others' tokens would be let in")
      }
      guard !algorithms.isEmpty else { throw refuse("the tokens' algorithms must not be empty") }
      guard (0...AuthenticationLimits.clockSkew).contains(clockSkew) else {
        throw refuse(
          "the tokens' clock skew must be within 0...\(AuthenticationLimits.clockSkew) seconds")
      }
      guard !nameClaim.isEmpty else { throw refuse("the claim of the name must not be empty") }
      for name in attributeClaims.keys where Naming.reservedAttributes.contains(name) {
        throw refuse("no claim can be the attribute `\(name)`")
      }
    }
  }

  /// Signatures of tokens (RFC 7518, RFC 8037): asymmetric ones alone.
  public enum TokenAlgorithm: String, CaseIterable, Hashable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case eddsa = "EdDSA"

    /// The type of key, and its curve, that the signature takes.
    var key: (type: String, curve: String?) {
      switch self {
      case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: ("RSA", nil)
      case .es256: ("EC", "P-256")
      case .es384: ("EC", "P-384")
      case .es512: ("EC", "P-521")
      case .eddsa: ("OKP", "Ed25519")
      }
    }
  }
#endif

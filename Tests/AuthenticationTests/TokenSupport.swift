#if Server
  import Authentication
  import Crypto
  import CryptoExtras
  import Foundation

  /// A token issuer of a test's own, which signs whatever it is asked to, without the library that
  /// is tested.
  struct Issuer {
    static let name = "https://issuer.example"
    static let audience = "modelgate"

    /// Slow to make, and no secret.
    private static let rsaKeys = Result {
      (
        try _RSA.Signing.PrivateKey(keySize: .bits2048),
        try _RSA.Signing.PrivateKey(keySize: .bits2048)
      )
    }

    let rsa: _RSA.Signing.PrivateKey
    /// Of another issuer.
    let otherRSA: _RSA.Signing.PrivateKey
    let ec = P256.Signing.PrivateKey()
    let otherEC = P256.Signing.PrivateKey()
    let ed = Curve25519.Signing.PrivateKey()

    init() throws { (rsa, otherRSA) = try Self.rsaKeys.get() }

    // MARK: Keys

    static func base64(_ bytes: some Sequence<UInt8>) -> String {
      Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
        .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    /// The members of the RSA key without its id and algorithm.
    func rsaMembers(_ key: _RSA.Signing.PrivateKey? = nil) throws -> String {
      let parts = try (key ?? rsa).publicKey.getKeyPrimitives()
      return
        #""kty": "RSA", "n": "\#(Self.base64(parts.modulus))", "e": "\#(Self.base64(parts.publicExponent))""#
    }

    var ecMembers: String {
      let point = ec.publicKey.rawRepresentation
      return
        #""kty": "EC", "crv": "P-256", "x": "\#(Self.base64(point.prefix(32)))", "y": "\#(Self.base64(point.suffix(32)))""#
    }

    var edMembers: String {
      #""kty": "OKP", "crv": "Ed25519", "x": "\#(Self.base64(ed.publicKey.rawRepresentation))""#
    }

    /// Three good keys, and what real issuers put beside them.
    func keySet(_ more: [String] = []) throws -> String {
      let keys =
        [
          #"{"kid": "rsa", "use": "sig", "alg": "RS256", \#(try rsaMembers())}"#,
          #"{"kid": "ec", "use": "sig", \#(ecMembers)}"#,
          #"{"kid": "ed", "key_ops": ["verify"], \#(edMembers)}"#,
          #"{"kid": "enc", "use": "enc", "alg": "RSA-OAEP", \#(try rsaMembers(otherRSA))}"#,
        ] + more
      return #"{"keys": [\#(keys.joined(separator: ", "))]}"#
    }

    // MARK: Tokens

    func claims(_ site: Site, _ changes: [String: Any?] = [:]) throws -> String {
      let now = Int(site.clock.time / 1_000)
      var claims: [String: Any] = [
        "iss": Self.name, "aud": Self.audience, "sub": "dora", "exp": now + 300, "iat": now,
        "name": "Dora", "roles": ["machine_learning_user"], "realm": ["groups": ["analyst"]],
      ]
      for (name, value) in changes { claims[name] = value }
      return String(
        decoding: try JSONSerialization.data(withJSONObject: claims, options: .sortedKeys),
        as: UTF8.self)
    }

    enum Signature {
      case rs256, ps256, es256, eddsa, otherRSA, otherEC, none, empty
      /// The public key as a shared secret.
      case hmacOfPublicKey
    }

    func token(_ header: String, _ claims: String, _ signature: Signature) throws -> String {
      let text = "\(Self.base64(header.utf8)).\(Self.base64(claims.utf8))"
      let data = Data(text.utf8)
      let bytes: Data
      switch signature {
      case .rs256:
        bytes = try rsa.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5)
          .rawRepresentation
      case .ps256:
        bytes = try rsa.signature(for: SHA256.hash(data: data), padding: .PSS).rawRepresentation
      case .otherRSA:
        bytes = try otherRSA.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5)
          .rawRepresentation
      case .es256: bytes = try ec.signature(for: data).rawRepresentation
      case .otherEC: bytes = try otherEC.signature(for: data).rawRepresentation
      case .eddsa: bytes = try ed.signature(for: data)
      case .hmacOfPublicKey:
        let key = SymmetricKey(data: Data(rsa.publicKey.pemRepresentation.utf8))
        bytes = Data(HMAC<SHA256>.authenticationCode(for: data, using: key))
      case .none: return text
      case .empty: return text + "."
      }
      return "\(text).\(Self.base64(bytes))"
    }

    func good(_ site: Site, _ changes: [String: Any?] = [:]) throws -> String {
      try token(#"{"alg":"RS256","kid":"rsa","typ":"JWT"}"#, claims(site, changes), .rs256)
    }

    func settings(_ site: Site) -> TokenSettings {
      TokenSettings(
        issuer: Self.name, audiences: [Self.audience, "other"], keySetFile: site.path("jwks.json"),
        algorithms: [.rs256, .es256, .eddsa], rolesClaim: "roles",
        backendRolesClaim: "realm.groups", attributeClaims: ["department": "dept"])
    }
  }
#endif

#if Server
  import Authentication
  import Foundation
  import Testing

  /// Tokens that must prove nothing, and what each tries.
  enum HostileTokens {
    struct Case: Sendable, CustomTestStringConvertible {
      let name: String
      let make: @Sendable (Issuer, Site) throws -> String
      var testDescription: String { name }
    }

    /// A header of one's own, over good claims.
    private static func header(
      _ name: String, _ header: String, _ signature: Issuer.Signature = .rs256
    ) -> Case {
      Case(name: name) { issuer, site in
        try issuer.token(header, issuer.claims(site), signature)
      }
    }

    /// Claims of one's own, under a good signature.
    private static func claims(
      _ name: String, _ changes: @escaping @Sendable (Int) -> [String: Any?]
    ) -> Case {
      Case(name: name) { issuer, site in
        try issuer.good(site, changes(Int(site.clock.time / 1_000)))
      }
    }

    /// Claims as text, under a good signature.
    private static func text(_ name: String, _ text: String) -> Case {
      Case(name: name) { issuer, _ in
        try issuer.token(#"{"alg":"RS256","kid":"rsa"}"#, text, .rs256)
      }
    }

    /// A good token, changed as a text.
    private static func edit(
      _ name: String, _ edit: @escaping @Sendable (String) -> String
    ) -> Case {
      Case(name: name) { issuer, site in edit(try issuer.good(site)) }
    }

    static let all: [Case] = headers + signatures + forms + contents

    private static let headers: [Case] = [
      header("no algorithm", #"{"kid":"rsa"}"#), header("none", #"{"alg":"none","kid":"rsa"}"#),
      header("None", #"{"alg":"None","kid":"rsa"}"#, .empty),
      header("none without signature", #"{"alg":"none","kid":"rsa"}"#, .empty),
      header("none in two parts", #"{"alg":"none","kid":"rsa"}"#, .none),
      header("empty algorithm", #"{"alg":"","kid":"rsa"}"#),
      header("lower case", #"{"alg":"rs256","kid":"rsa"}"#),
      header("a number", #"{"alg":256,"kid":"rsa"}"#),
      header("a list", #"{"alg":["RS256"],"kid":"rsa"}"#),
      header("HS256 with the public key", #"{"alg":"HS256","kid":"rsa"}"#, .hmacOfPublicKey),
      header("HMAC called RS256", #"{"alg":"RS256","kid":"rsa"}"#, .hmacOfPublicKey),
      header("not allowed: PS256", #"{"alg":"PS256","kid":"rsa"}"#, .ps256),
      header("not allowed: RS512", #"{"alg":"RS512","kid":"rsa"}"#),
      header("another key's algorithm", #"{"alg":"ES256","kid":"rsa"}"#, .es256),
      header("RS256 by the id of an EC key", #"{"alg":"RS256","kid":"ec"}"#),
      header("PSS called RS256", #"{"alg":"RS256","kid":"rsa"}"#, .ps256),
      header("no key id", #"{"alg":"RS256"}"#),
      header("empty key id", #"{"alg":"RS256","kid":""}"#),
      header("unknown key id", #"{"alg":"RS256","kid":"rsa2"}"#),
      header("key id of another case", #"{"alg":"RS256","kid":"RSA"}"#),
      header("key id is a number", #"{"alg":"RS256","kid":1}"#),
      header("key id is a path", #"{"alg":"RS256","kid":"../../dev/null"}"#),
      header("key for encryption", #"{"alg":"RS256","kid":"enc"}"#, .otherRSA),
      header("crit", #"{"alg":"RS256","kid":"rsa","crit":["exp"]}"#),
      header("empty crit", #"{"alg":"RS256","kid":"rsa","crit":[]}"#),
      header("b64", #"{"alg":"RS256","kid":"rsa","b64":false,"crit":["b64"]}"#),
      header("jku", #"{"alg":"RS256","kid":"rsa","jku":"https://evil.example/jwks"}"#),
      header("x5u", #"{"alg":"RS256","kid":"rsa","x5u":"https://evil.example/c"}"#),
      header("x5c", #"{"alg":"RS256","kid":"rsa","x5c":["MIIB"]}"#),
      header("jwk", #"{"alg":"RS256","kid":"rsa","jwk":{"kty":"RSA"}}"#),
      header("jwk null", #"{"alg":"RS256","kid":"rsa","jwk":null}"#),
      header("zip", #"{"alg":"RS256","kid":"rsa","zip":"DEF"}"#),
      header("encrypted", #"{"alg":"RS256","kid":"rsa","enc":"A256GCM"}"#),
      header("nested", #"{"alg":"RS256","kid":"rsa","cty":"JWT"}"#),
      header("another type", #"{"alg":"RS256","kid":"rsa","typ":"dpop+jwt"}"#),
      header("algorithm twice", #"{"alg":"none","alg":"RS256","kid":"rsa"}"#),
      header("key id twice", #"{"alg":"RS256","kid":"ec","kid":"rsa"}"#),
      header("a list as header", #"["RS256"]"#), header("no JSON", "RS256"),
      header("header cut off", #"{"alg":"RS256","kid":"rsa""#),
      header("text behind the header", #"{"alg":"RS256","kid":"rsa"}{}"#),
    ]

    private static let signatures: [Case] = [
      header("another's RSA key", #"{"alg":"RS256","kid":"rsa"}"#, .otherRSA),
      header("another's EC key", #"{"alg":"ES256","kid":"ec"}"#, .otherEC),
      header("EC signature of an Ed25519 key", #"{"alg":"EdDSA","kid":"ed"}"#, .es256),
      edit("one bit of the signature") { token in
        let last = token.last == "A" ? "E" : "A"
        return token.dropLast(2) + last + last
      },
      edit("zeros as signature") { token in
        let start = token.lastIndex(of: ".") ?? token.endIndex
        return token[...start] + Issuer.base64([UInt8](repeating: 0, count: 256))
      },
      Case(name: "zeros as EC signature") { issuer, site in
        let text = try issuer.token(#"{"alg":"ES256","kid":"ec"}"#, issuer.claims(site), .none)
        return text + "." + Issuer.base64([UInt8](repeating: 0, count: 64))
      },
      edit("signature cut off") { String($0.dropLast(4)) },
      edit("no signature") { String($0[...($0.lastIndex(of: ".") ?? $0.endIndex)]) },
      Case(name: "claims exchanged") { issuer, site in
        let (one, two) = (
          try issuer.good(site).split(separator: "."),
          try issuer.good(site, ["sub": "root"]).split(separator: ".")
        )
        return "\(one[0]).\(two[1]).\(one[2])"
      },
    ]

    private static let forms: [Case] = [
      edit("empty") { _ in "." }, edit("dots") { _ in ".." },
      edit("four parts") { $0 + ".AAAA" }, edit("five parts, encrypted") { $0 + ".AAAA.AAAA" },
      edit("padding") { $0.replacing(".", with: "==.", maxReplacements: 1) },
      edit("other alphabet") { $0.replacing("-", with: "+").replacing("_", with: "/") + "+" },
      edit("blank inside") { $0.replacing(".", with: " .", maxReplacements: 1) },
      edit("line end behind it") { $0 + "\n" }, edit("not ASCII") { $0 + "é" },
      edit("NUL behind it") { $0 + "\u{0}" },
      claims("too long") { _ in ["x": String(repeating: "x", count: 8_192)] },
    ]

    private static let contents: [Case] = [
      claims("no exp") { _ in ["exp": Any?.none] },
      claims("expired") { ["exp": $0 - 31] }, claims("expired long ago") { _ in ["exp": 1] },
      claims("exp is zero") { _ in ["exp": 0] }, claims("exp is negative") { _ in ["exp": -1] },
      claims("exp is a text") { ["exp": "\($0 + 300)"] },
      claims("exp is a list") { ["exp": [$0 + 300]] }, claims("exp is true") { _ in ["exp": true] },
      claims("exp is null") { _ in ["exp": NSNull()] }, claims("not yet") { ["nbf": $0 + 31] },
      claims("issued later") { ["iat": $0 + 31] }, claims("nbf is a text") { _ in ["nbf": "0"] },
      claims("no issuer") { _ in ["iss": Any?.none] },
      claims("another issuer") { _ in ["iss": "https://issuer.example/"] },
      claims("a list of issuers") { _ in ["iss": [Issuer.name]] },
      claims("no audience") { _ in ["aud": Any?.none] },
      claims("another audience") { _ in ["aud": "modelgate2"] },
      claims("audience's prefix") { _ in ["aud": "model"] },
      claims("empty audiences") { _ in ["aud": [String]()] },
      claims("audience is an object") { _ in ["aud": ["modelgate": true]] },
      claims("no name") { _ in ["sub": Any?.none] }, claims("empty name") { _ in ["sub": ""] },
      claims("name is a number") { _ in ["sub": 1] },
      claims("name with control characters") { _ in ["sub": "a\nb"] },
      claims("roles are a number") { _ in ["roles": 1] },
      claims("a role is an object") { _ in ["roles": [["a": 1]]] },
      claims("roles are an object") { _ in ["roles": ["superuser": true]] },
      text("claims are a list", "[]"), text("claims are no JSON", "sub=dora"),
      text("no claims", "{}"), text("empty claims", ""),
      text(
        "a claim twice",
        #"{"iss":"https://issuer.example","aud":"modelgate","sub":"a","sub":"b","exp":9999999999}"#),
      text("deep claims", String(repeating: "[", count: 200)),
      text("an endless number", #"{"exp": 1e999, "sub": "dora"}"#),
    ]
  }
#endif

#if Signing
  import Crypto
  import Foundation
  import PolicyEngine
  public import PolicyGate

  /// Signs heads with an Ed25519 key (RFC 8032).
  public struct Ed25519Signer: HeadSigner {
    private let key: Curve25519.Signing.PrivateKey

    /// The key in a file, in PKCS #8 as OpenSSL writes it (RFC 8410).
    ///
    /// - Throws: `AuditFileError` if it can't be read, is no such key, or if others than its owner
    ///   may read the file.
    public init(keyFile path: String) throws(AuditFileError) {
      guard let bytes = try AuditFile.read(path, isSecret: true) else {
        throw AuditFileError(path, "is not there")
      }
      guard let seed = PEM.privateKey.content(of: bytes),
        let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
      else { throw AuditFileError(path, "is not an Ed25519 private key in PEM") }
      self.key = key
    }

    /// Makes a new key, and a file for it that only its owner may read; and beside it the public
    /// key, for those who verify.
    ///
    /// - Throws: `AuditFileError`, also if there is one of the files already.
    public static func create(
      keyFile path: String, publicFile: String
    ) throws(AuditFileError) -> Ed25519Signer {
      let key = Curve25519.Signing.PrivateKey()
      try AuditFile.create(
        path, PEM.privateKey.text(of: Array(key.rawRepresentation)), mode: 0o600)
      try AuditFile.create(
        publicFile, PEM.publicKey.text(of: Array(key.publicKey.rawRepresentation)), mode: 0o644)
      return try Ed25519Signer(keyFile: path)
    }

    /// The beginning of the public key's digest.
    public var keyID: String { Ed25519Verifier.keyID(of: key.publicKey) }

    /// 64 bytes.
    public func signature(over bytes: [UInt8]) throws -> [UInt8] {
      Array(try key.signature(for: bytes))
    }
  }

  /// Knows Ed25519 keys.
  public struct Ed25519Verifier: HeadVerifier {
    private let keys: [String: Curve25519.Signing.PublicKey]

    /// The public keys in files, as OpenSSL writes them (RFC 8410): more than one when keys were
    /// changed.
    ///
    /// - Throws: `AuditFileError`.
    public init(publicFiles paths: [String]) throws(AuditFileError) {
      var keys: [String: Curve25519.Signing.PublicKey] = [:]
      for path in paths {
        guard let bytes = try AuditFile.read(path) else {
          throw AuditFileError(path, "is not there")
        }
        guard let raw = PEM.publicKey.content(of: bytes),
          let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
        else { throw AuditFileError(path, "is not an Ed25519 public key in PEM") }
        keys[Self.keyID(of: key)] = key
      }
      self.keys = keys
    }

    /// Whether it is that key's signature; never for a key that was not given.
    public func isValid(_ signature: [UInt8], over bytes: [UInt8], keyID: String) -> Bool {
      keys[keyID]?.isValidSignature(signature, for: bytes) ?? false
    }

    static func keyID(of key: Curve25519.Signing.PublicKey) -> String {
      Hex.text(of: Array(Crypto.SHA256.hash(data: key.rawRepresentation)).prefix(8))
    }
  }

  /// PEM around the fixed beginning that DER gives every Ed25519 key, and 32 bytes.
  private struct PEM {
    let label: String
    let prefix: [UInt8]

    static let privateKey = PEM(
      label: "PRIVATE KEY",
      prefix: [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20])
    static let publicKey = PEM(
      label: "PUBLIC KEY", prefix: [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0])

    func text(of key: [UInt8]) -> [UInt8] {
      let base64 = Data(prefix + key).base64EncodedString()
      return Array("-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n".utf8)
    }

    func content(of bytes: [UInt8]) -> [UInt8]? {
      let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      guard lines.count == 3, lines[0] == "-----BEGIN \(label)-----",
        lines[2] == "-----END \(label)-----", let data = Data(base64Encoded: String(lines[1])),
        data.starts(with: prefix), data.count == prefix.count + 32
      else { return nil }
      return Array(data.dropFirst(prefix.count))
    }
  }
#endif

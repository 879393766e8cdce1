import CEL
import PolicyEngine

/// A head that somebody vouches for. Kept apart from the log, it shows whether the log was cut or
/// made anew.
public struct SignedHead: Hashable, Sendable {
  /// Where the log stood.
  public let head: LogHead
  /// When, in milliseconds since the Unix epoch.
  public let time: Int64
  /// Which key signed it.
  public let keyID: String
  /// The signature over `statement`.
  public let signature: [UInt8]

  /// A head from its parts, as it was kept.
  public init(head: LogHead, time: Int64, keyID: String, signature: [UInt8]) {
    (self.head, self.time, self.keyID, self.signature) = (head, time, keyID, signature)
  }

  /// Signs a head.
  ///
  /// - Throws: what the signer throws.
  public init(_ head: LogHead, time: Int64, by signer: any HeadSigner) throws {
    let bytes = Self.statement(head, time, signer.keyID)
    self.init(
      head: head, time: time, keyID: signer.keyID, signature: try signer.signature(over: bytes))
  }

  /// What is signed. It begins with what it is for, so that the key's other signatures can't pass
  /// for one of these.
  static func statement(_ head: LogHead, _ time: Int64, _ keyID: String) -> [UInt8] {
    Array(
      "modelgate log head\n\(head.sequence)\n\(Hex.text(of: head.hash))\n\(time)\n\(keyID)".utf8)
  }

  /// Whether the signature is that key's, over this head.
  public func isValid(by verifier: any HeadVerifier) -> Bool {
    verifier.isValid(
      signature, over: Self.statement(head, time, keyID), keyID: keyID)
  }

  /// One line of JSON.
  public var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("sequence", head.sequence)
    writer.member("hash", Hex.text(of: head.hash))
    writer.member("time", time: time)
    writer.member("time_ms", time)
    writer.member("key", keyID)
    writer.member("signature", Hex.text(of: signature))
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Reads what `json` writes.
  ///
  /// - Throws: `LogFault.malformed`.
  public init(json: [UInt8], line: Int = 1) throws(LogFault) {
    let entry = try EntryReader(json, line: line)
    self.init(
      head: LogHead(
        sequence: try entry.number("sequence"), hash: try entry.digest("hash", count: 32)),
      time: try entry.number("time_ms"), keyID: try entry.text("key"),
      signature: try entry.digest("signature", count: nil))
  }
}

/// Signs heads, with a key that the log's host need not hold: Ed25519 in the command line.
public protocol HeadSigner: Sendable {
  /// Names the key.
  var keyID: String { get }
  /// The signature.
  func signature(over bytes: [UInt8]) throws -> [UInt8]
}

/// Knows whose signature a signature is.
public protocol HeadVerifier: Sendable {
  /// Whether the signature is that key's over these bytes.
  func isValid(_ signature: [UInt8], over bytes: [UInt8], keyID: String) -> Bool
}

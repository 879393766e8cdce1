public import PolicyGate

/// A file of signed heads, one a line, the oldest first. Keep it, or a copy of it, where whoever
/// might change the log can't reach it.
public enum HeadFile {
  /// All heads of a file. A last line that was not finished is left out.
  ///
  /// - Throws: `AuditFileError` if it can't be read, `LogFault.malformed` if it holds anything else.
  public static func read(_ path: String) throws -> [SignedHead] {
    guard let bytes = try AuditFile.read(path) else {
      throw AuditFileError(path, "is not there")
    }
    return try heads(in: bytes)
  }

  /// The last head of a file; nil if there is no file, or nothing in it.
  ///
  /// - Throws: as `read`.
  public static func last(_ path: String) throws -> SignedHead? {
    try AuditFile.read(path).flatMap { try heads(in: $0).last }
  }

  /// Appends a head, and returns when it is durable.
  ///
  /// - Throws: `AuditFileError`.
  public static func append(_ head: SignedHead, to path: String) throws(AuditFileError) {
    try AuditFile.append(line: Array(head.json.utf8), to: path)
  }

  private static func heads(in bytes: [UInt8]) throws(LogFault) -> [SignedHead] {
    var heads: [SignedHead] = []
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    lines.removeLast()
    for (index, line) in lines.enumerated() where !line.isEmpty {
      heads.append(try SignedHead(json: Array(line), line: index + 1))
    }
    return heads
  }
}

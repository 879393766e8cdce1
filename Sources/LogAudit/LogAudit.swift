public import PolicyGate

/// Checks an exported log line by line, in constant memory: what an auditor does, who has the
/// exported file, heads that were signed while the log grew, and nothing else.
///
/// ```swift
/// var audit = LogAudit(anchors: try HeadFile.read("heads.ndjson"), by: publicKeys)
/// for line in lines { try audit.check(line) }
/// let summary = try audit.finish()
/// ```
public struct LogAudit {
  private let anchors: [SignedHead]
  private let verifier: (any HeadVerifier)?
  private var chain: LogVerifier?
  private var line = 0
  private var start = LogHead.empty
  private var checkpoint: SignedHead?

  /// What was checked.
  public struct Summary: Hashable, Sendable {
    /// The head before the first record: not empty if the log was shortened.
    public let start: LogHead
    /// The end of the chain.
    public let end: LogHead
    /// How many heads from outside the log it was compared with.
    public let anchors: Int

    /// A summary of its parts.
    public init(start: LogHead, end: LogHead, anchors: Int) {
      (self.start, self.end, self.anchors) = (start, end, anchors)
    }
  }

  /// - Parameters:
  ///   - anchors: heads that the log is known to have had. Without any, a log that was cut or made
  ///     anew as a whole can't be told from a good one.
  ///   - verifier: checks their signatures; nil trusts whoever gave them.
  /// - Throws: `LogFault.badSignature`.
  public init(anchors: [SignedHead], by verifier: (any HeadVerifier)?) throws(LogFault) {
    (self.anchors, self.verifier) = (anchors, verifier)
    for anchor in anchors { try check(signature: anchor) }
  }

  private func check(signature head: SignedHead) throws(LogFault) {
    if let verifier, !head.isValid(by: verifier) {
      throw .badSignature(sequence: head.head.sequence)
    }
  }

  /// Checks the next line, without its line end.
  ///
  /// - Throws: `LogFault`.
  public mutating func check(_ json: [UInt8]) throws(LogFault) {
    line += 1
    // Only the first line may be a head: the one that vouches for what retention left.
    if line == 1, let head = try? SignedHead(json: json, line: line) {
      try check(signature: head)
      (start, checkpoint) = (head.head, head)
      return
    }
    let entry = try LogEntry(json: json, line: line)
    if chain == nil { chain = try begin(before: entry) }
    try chain?.check(entry)
  }

  private mutating func begin(before entry: LogEntry) throws(LogFault) -> LogVerifier {
    if checkpoint == nil, entry.sequence > 1 {
      guard let anchor = anchors.first(where: { $0.head.sequence == entry.sequence - 1 }) else {
        throw .malformed(
          line: line,
          reason: "it is record \(entry.sequence), and no head vouches for those before it")
      }
      start = anchor.head
    }
    return LogVerifier(from: start, anchors: anchors.map(\.head))
  }

  /// Call behind the last line.
  ///
  /// - Throws: `LogFault.cut` if the log ends before an anchor.
  public mutating func finish() throws(LogFault) -> Summary {
    var chain = chain ?? LogVerifier(from: start, anchors: anchors.map(\.head))
    try chain.finish()
    return Summary(start: start, end: chain.head, anchors: anchors.count)
  }
}

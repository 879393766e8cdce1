import PolicyEngine

/// Where a chain of records ends: how many there are, and a digest over all of them.
public struct LogHead: Hashable, Sendable {
  /// The number of the last record, from 1; 0 for no record.
  public let sequence: Int64
  /// 32 bytes.
  public let hash: [UInt8]

  /// A head from its parts, as it was kept.
  public init(sequence: Int64, hash: [UInt8]) { (self.sequence, self.hash) = (sequence, hash) }

  /// The head of a log without records.
  public static let empty = LogHead(sequence: 0, hash: [UInt8](repeating: 0, count: 32))
}

/// A record in its place.
public struct LogEntry: Hashable, Sendable {
  /// Its number, from 1, without gaps.
  public let sequence: Int64
  /// The record, as JSON.
  public let bytes: [UInt8]
  /// The digest over it and all records before it, 32 bytes.
  public let hash: [UInt8]

  /// An entry from its parts, as it was kept. Nothing is checked: see `LogVerifier`.
  public init(sequence: Int64, bytes: [UInt8], hash: [UInt8]) {
    (self.sequence, self.bytes, self.hash) = (sequence, bytes, hash)
  }

  /// The chain's end once this is its last entry.
  public var head: LogHead { LogHead(sequence: sequence, hash: hash) }
}

extension LogHead {
  /// The entry that a record becomes behind this head.
  ///
  /// The digest is SHA-256 over the digest before, the number as eight bytes and the record, so an
  /// entry that was changed, moved, left out or put in between fits neither its neighbours nor its
  /// place.
  public func appending(_ bytes: [UInt8]) -> LogEntry {
    appending(bytes) { parts in
      var digest = SHA256()
      for part in parts { digest.update(part) }
      return digest.digest()
    }
  }

  /// The same by a library's SHA-256, for who writes many.
  ///
  /// - Parameter sha256: the digest over all parts, 32 bytes.
  package func appending(
    _ bytes: [UInt8], sha256: (_ parts: [[UInt8]]) -> [UInt8]
  ) -> LogEntry {
    let next = sequence + 1
    let number = (0..<8).map { UInt8(truncatingIfNeeded: next >> (56 - 8 * Int64($0))) }
    return LogEntry(sequence: next, bytes: bytes, hash: sha256([hash, number, bytes]))
  }
}

/// Checks a chain, entry by entry, in constant memory.
public struct LogVerifier: Sendable {
  /// How far the chain is whole.
  public private(set) var head: LogHead
  private var anchors: [LogHead]
  private var matched = 0

  /// Begins at `start`, which is not `LogHead.empty` for a log whose beginning was removed by
  /// retention: then a signed head must vouch for it.
  ///
  /// - Parameter anchors: heads that the log is known to have had, from outside the log. Without
  ///   any, a chain that was cut or made anew as a whole can't be told from a good one.
  public init(from start: LogHead = .empty, anchors: [LogHead] = []) {
    head = start
    self.anchors = anchors.sorted { $0.sequence < $1.sequence }
  }

  /// Checks the next entry.
  ///
  /// - Throws: `LogFault` at the first entry that does not fit.
  public mutating func check(_ entry: LogEntry) throws(LogFault) {
    // An anchor may be the start itself, which nothing else is compared with.
    try matchAnchors()
    guard entry.sequence == head.sequence + 1 else {
      throw .wrongSequence(expected: head.sequence + 1, found: entry.sequence)
    }
    guard head.appending(entry.bytes).hash == entry.hash else {
      throw .wrongHash(sequence: entry.sequence)
    }
    head = entry.head
    try matchAnchors()
  }

  /// Checks that every anchor was met.
  ///
  /// - Throws: `LogFault.cut` if the log ends before an anchor.
  public mutating func finish() throws(LogFault) {
    try matchAnchors()
    if matched < anchors.count {
      throw .cut(last: head.sequence, anchor: anchors[anchors.count - 1].sequence)
    }
  }

  private mutating func matchAnchors() throws(LogFault) {
    while matched < anchors.count, anchors[matched].sequence <= head.sequence {
      let anchor = anchors[matched]
      // An anchor before the start says nothing of what is left of the log.
      if anchor.sequence == head.sequence, anchor.hash != head.hash {
        throw .otherHistory(sequence: anchor.sequence)
      }
      matched += 1
    }
  }
}

/// What is wrong with a log.
public enum LogFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// An entry is missing, doubled or out of order.
  case wrongSequence(expected: Int64, found: Int64)
  /// An entry is not what was logged, or one before it is not.
  case wrongHash(sequence: Int64)
  /// The chain fits itself, but it is not the one that was anchored: it was made anew.
  case otherHistory(sequence: Int64)
  /// The log ends before a head that it is known to have had.
  case cut(last: Int64, anchor: Int64)
  /// A line of an exported log is not an entry.
  case malformed(line: Int, reason: String)
  /// An anchor's signature does not fit.
  case badSignature(sequence: Int64)

  /// For people.
  public var description: String {
    switch self {
    case .wrongSequence(let expected, let found):
      "record \(expected) is missing: record \(found) stands in its place"
    case .wrongHash(let sequence):
      "record \(sequence) is not what was logged: its digest does not fit"
    case .otherHistory(let sequence):
      "the log was made anew: at record \(sequence) it differs from the anchored head"
    case .cut(let last, let anchor):
      "the log was cut: it ends at record \(last), the anchored head has \(anchor)"
    case .malformed(let line, let reason): "line \(line) is not a log entry: \(reason)"
    case .badSignature(let sequence):
      "the signature of the head at record \(sequence) does not fit"
    }
  }
}

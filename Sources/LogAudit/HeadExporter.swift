public import PolicyGate

/// Signs the head of a log now and then and appends it to a file, so that a log that is cut or made
/// anew later can be told from the one that was.
///
/// It signs only what continues what it signed before: the chain from the last head in the file on is
/// checked first.
public struct HeadExporter: Sendable {
  /// Where the records come from: entries from a number on, at most so many, and the two ends.
  public typealias Source =
    @Sendable (_ from: Int64, _ limit: Int) async throws -> (
      entries: [LogEntry], start: LogHead, end: LogHead
    )

  private let file: String
  private let signer: any HeadSigner
  private let clock: PolicyGate.Clock
  private let source: Source

  /// Entries that are read at once.
  private static let page = 500

  /// An exporter that appends to a file of heads.
  public init(
    file: String, signer: any HeadSigner, clock: @escaping PolicyGate.Clock,
    source: @escaping Source
  ) {
    (self.file, self.signer, self.clock, self.source) = (file, signer, clock, source)
  }

  /// Signs the head as it is now.
  ///
  /// - Returns: nil if it is the one that was signed last.
  /// - Throws: `LogFault` if the log does not continue what was signed, `AuditFileError`, and what
  ///   the source and the signer throw.
  @discardableResult
  public func export() async throws -> SignedHead? {
    let last = try HeadFile.last(file)?.head
    let head = try await check(since: last)
    guard head != last ?? .empty else { return nil }
    let signed = try SignedHead(head, time: clock(), by: signer)
    try HeadFile.append(signed, to: file)
    return signed
  }

  /// The end of the chain, which is whole from the last signed head on.
  private func check(since last: LogHead?) async throws -> LogHead {
    let (first, start, end) = try await source(last?.sequence ?? 1, 1)
    if let last, last.sequence > end.sequence {
      throw LogFault.cut(last: end.sequence, anchor: last.sequence)
    }
    var verifier = LogVerifier(from: start)
    if let last, last.sequence >= start.sequence {
      let found = last.sequence == start.sequence ? start : first.first?.head
      guard found == last else { throw LogFault.otherHistory(sequence: last.sequence) }
      verifier = LogVerifier(from: last)
    }
    while verifier.head.sequence < end.sequence {
      let entries = try await source(verifier.head.sequence + 1, Self.page).entries
      guard !entries.isEmpty else {
        throw LogFault.cut(last: verifier.head.sequence, anchor: end.sequence)
      }
      for entry in entries where entry.sequence <= end.sequence { try verifier.check(entry) }
    }
    return verifier.head
  }

  /// Exports whenever so many records have come, and at the latest after so long if any has, until
  /// the task is cancelled. Call `export` once more when the last record is written.
  ///
  /// - Parameter onFailure: told of each attempt that failed; the next one is made in its turn.
  public func run(
    everyRecords records: Int64, every interval: Duration,
    onFailure: @Sendable (any Error) -> Void
  ) async {
    let tick = min(interval, .seconds(1))
    let clock = ContinuousClock()
    var exported = clock.now
    while !Task.isCancelled {
      do {
        let end = try await source(.max, 0).end.sequence
        let last = try HeadFile.last(file)?.head.sequence ?? 0
        if end - last >= records || end > last && clock.now - exported >= interval {
          try await export()
          exported = clock.now
        }
      } catch is CancellationError {
        return
      } catch {
        onFailure(error)
        exported = clock.now
      }
      try? await clock.sleep(for: tick)
    }
  }
}

import Synchronization

/// A log that is kept in memory, chained like any other: for tests, and for services that ship
/// their log elsewhere themselves.
public final class MemoryLog: DecisionLog {
  private let kept = Mutex<[LogEntry]>([])

  /// An empty log.
  public init() {}

  /// Everything that was logged, in order.
  public var entries: [LogEntry] { kept.withLock { $0 } }

  /// The end of the chain.
  public var head: LogHead { kept.withLock { $0.last?.head ?? .empty } }

  /// Appends a record.
  public func append(_ record: DecisionRecord) { add(record) }

  /// Appends it like any other.
  public func noticeUnspent(_ record: DecisionRecord) { add(record) }

  private func add(_ record: DecisionRecord) {
    let bytes = record.bytes
    kept.withLock { entries in
      entries.append((entries.last?.head ?? .empty).appending(bytes))
    }
  }
}

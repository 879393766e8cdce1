public import PolicyGate
import Synchronization

/// The registry's store as the gate's log: decisions and effects are kept in one place, in one
/// order.
///
/// Refusals and dry runs are durable before they are answered. Records of reads may wait, up to a
/// bound, for others to be written with them; while the log can't be written, nothing is read.
public final class StoreLog: DecisionLog {
  private let store: any RegistryStore
  private let bound: Int
  private let waiting = Mutex(Waiting())

  private struct Waiting {
    var records: [DecisionRecord] = []
    /// How many were taken to be written, and are not known to be durable yet.
    var beingWritten = 0
    /// The last attempt to write them failed, so nobody may go on before one succeeds.
    var isStuck = false

    /// Whether so many more may be answered before their records are durable.
    func takes(_ count: Int, _ bound: Int) -> Bool {
      !isStuck && records.count + beingWritten + count <= bound
    }
  }

  /// A log in this store.
  ///
  /// - Parameter unloggedReads: how many reads may be answered before their records are durable; 0
  ///   for none.
  public init(_ store: any RegistryStore, unloggedReads: Int = RegistryLimits.unloggedReads) {
    self.store = store
    bound = max(0, min(unloggedReads, RegistryLimits.unloggedReads))
  }

  /// Writes a record, and whatever waits before it.
  public func append(_ record: DecisionRecord) async throws { try await write([record]) }

  /// Notes what was allowed and not done, with the next record that is written.
  public func noticeUnspent(_ record: DecisionRecord) {
    waiting.withLock { $0.records.append(record) }
  }

  /// Records an allowed read. When this returns, the read may be answered.
  ///
  /// - Throws: `StoreError` if too many records wait already and they can't be written.
  package func appendRead(_ record: DecisionRecord) async throws {
    let mustWrite = waiting.withLock { waiting in
      guard waiting.takes(1, bound) else { return true }
      waiting.records.append(record)
      return false
    }
    if mustWrite { try await write([record]) }
  }

  /// Records several allowed reads, or decisions that are answered and nothing else.
  ///
  /// - Throws: as for one.
  package func appendReads(_ records: [DecisionRecord]) async throws {
    let mustWrite = waiting.withLock { waiting in
      guard waiting.takes(records.count, bound) else { return true }
      waiting.records += records
      return false
    }
    if mustWrite { try await write(records) }
  }

  /// Whether the last attempt to write what waits has failed.
  package var isStuck: Bool { waiting.withLock { $0.isStuck } }

  /// Writes whatever waits. Call it now and then, and before the process ends.
  ///
  /// - Throws: `StoreError` if it can't be written; it waits on.
  public func flush() async throws { try await write([]) }

  private func write(_ records: [DecisionRecord]) async throws {
    let before = waiting.withLock { waiting in
      defer { waiting.records = [] }
      waiting.beingWritten += waiting.records.count
      return waiting.records
    }
    guard !before.isEmpty || !records.isEmpty else { return }
    do {
      try await store.append(before + records)
      waiting.withLock {
        $0.beingWritten -= before.count
        $0.isStuck = false
      }
    } catch {
      // The reads were answered, so their records must not get lost; the others were not.
      waiting.withLock {
        $0.records = before + $0.records
        $0.beingWritten -= before.count
        $0.isStuck = true
      }
      throw error
    }
  }
}

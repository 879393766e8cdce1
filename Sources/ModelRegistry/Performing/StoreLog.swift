public import PolicyGate
import Synchronization

/// The registry's store as the gate's log: decisions and effects are kept in one place, in one
/// order.
///
/// Refusals and dry runs are durable before they are answered. Records of reads may wait, up to a
/// bound, for others to be written with them; while the log can't be written, nothing is read. Once a
/// part of the bound waits it is written beside the reading, so that whoever reads has to wait for
/// the disk only if the disk is slower than all who read.
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
    /// Writes what waits, beside those who read.
    var writer: Task<Void, Never>?

    /// Whether so many more may be answered before their records are durable.
    func takes(_ count: Int, _ bound: Int) -> Bool {
      !isStuck && records.count + beingWritten + count <= bound
    }

    /// Whether so much waits that it should be written, and nobody is at it.
    func isDue(_ bound: Int) -> Bool {
      !isStuck && beingWritten == 0 && records.count * StoreLog.parts >= bound
    }
  }

  /// How many of those that may wait are written together at least: one of so many parts. Of
  /// larger parts fewer have room while one is written, and whoever reads waits more often; smaller
  /// ones sync more often than they need.
  private static var parts: Int { 8 }

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
    let mayWait = waiting.withLock { waiting in
      guard waiting.takes(1, bound) else { return false }
      waiting.records.append(record)
      writeBeside(&waiting)
      return true
    }
    if !mayWait { try await write([record]) }
  }

  /// Records several allowed reads, or decisions that are answered and nothing else.
  ///
  /// - Throws: as for one.
  package func appendReads(_ records: [DecisionRecord]) async throws {
    let mayWait = waiting.withLock { waiting in
      guard waiting.takes(records.count, bound) else { return false }
      waiting.records += records
      writeBeside(&waiting)
      return true
    }
    if !mayWait { try await write(records) }
  }

  private func writeBeside(_ waiting: inout Waiting) {
    guard waiting.writer == nil, waiting.isDue(bound) else { return }
    waiting.writer = Task.detached { [self] in
      // What can't be written waits on, and whoever reads next is told.
      try? await write([])
      self.waiting.withLock { waiting in
        waiting.writer = nil
        writeBeside(&waiting)
      }
    }
  }

  /// Whether the last attempt to write what waits has failed.
  package var isStuck: Bool { waiting.withLock { $0.isStuck } }

  /// Writes whatever waits, and returns when it and what was being written are durable. Call it now
  /// and then, and before the process ends.
  ///
  /// - Throws: `StoreError` if it can't be written; it waits on.
  public func flush() async throws {
    await writer?.value
    try await write([])
    // What waited may have been taken meanwhile, to be written beside the reading.
    await writer?.value
    if isStuck { try await write([]) }
  }

  private var writer: Task<Void, Never>? { waiting.withLock { $0.writer } }

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

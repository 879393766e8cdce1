#if SQLite
  import ModelRegistry
  import RegistryRaces
  import SQLiteStore
  import StoreContract

  /// What a recorded worker does, and how to judge what is left of it.
  protocol RecordedLoad: Sendable {
    /// For people.
    var name: String { get }
    /// The worker's name on the command line.
    var worker: String { get }
    /// Whether what was written to the worker's file says that something is durable.
    func isAcknowledgement(_ bytes: [UInt8]) -> Bool
    /// How much of what was acknowledged is lost, and what is wrong besides.
    func judge(_ store: SQLiteStore, _ lines: [String]) async throws -> (
      lost: Int, faults: [String]
    )
  }

  /// Commits on the store itself.
  struct StoreLoad: RecordedLoad {
    let name = "store"
    let worker = "worker"

    func isAcknowledgement(_ bytes: [UInt8]) -> Bool { true }

    func judge(_ store: SQLiteStore, _ lines: [String]) async throws -> (
      lost: Int, faults: [String]
    ) {
      let lost = try await store.read { snapshot in
        try lines.count { try snapshot.revision(ofKey: $0) == nil }
      }
      return (lost, try await Load.faults(store).faults)
    }
  }

  /// Operations on a registry, through the gate.
  struct RegistryLoad: RecordedLoad {
    let name = "registry"
    let worker = "registry-worker"

    func isAcknowledgement(_ bytes: [UInt8]) -> Bool { bytes.first == UInt8(ascii: "<") }

    func judge(_ store: SQLiteStore, _ lines: [String]) async throws -> (
      lost: Int, faults: [String]
    ) {
      var checker = HistoryChecker()
      let report = try await RegistryHistory.check(store, [lines], &checker)
      return (report.lost, report.faults)
    }
  }
#endif

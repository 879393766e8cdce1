#if SQLite
  import ModelRegistry
  import Synchronization

  /// Whether the store may be used. Once it has failed it stays so: only a new process, which reads
  /// what is really there, may go on.
  final class StoreHealth: Sendable {
    private let failure = Mutex<String?>(nil)

    /// The first reason counts.
    func fail(_ reason: String) { failure.withLock { if $0 == nil { $0 = reason } } }

    var isFailed: Bool { failure.withLock { $0 != nil } }

    var reason: String {
      let reason = failure.withLock { $0 } ?? "it is closed"
      return "\(reason); nothing more is read or written: start anew"
    }

    func check() throws(StoreError) {
      if isFailed { throw .unavailable(reason) }
    }
  }
#endif

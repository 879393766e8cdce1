#if Server
  import Dispatch
  import Synchronization

  /// Hashes passwords a few at a time, on threads of its own: neither an event loop nor Swift's pool
  /// waits for a hash, and no number of callers takes more memory than these few.
  final class HashQueue: Sendable {
    /// Too many are waiting.
    struct Full: Error {}

    private struct Job: Sendable {
      let address: String
      let work: @Sendable () -> Bool
      let continuation: CheckedContinuation<Bool, any Error>
    }

    private struct State {
      var running = 0
      var waiting: [Job] = []
      var byAddress: [String: Int] = [:]
    }

    private let threads = DispatchQueue(
      label: "modelgate.passwords", qos: .userInitiated, attributes: .concurrent)
    private let state = Mutex(State())

    /// Does the work when its turn has come.
    ///
    /// - Throws: `Full` if too many are waiting, in all or from this address.
    func run(from address: String, _ work: @escaping @Sendable () -> Bool) async throws -> Bool {
      try await withCheckedThrowingContinuation { continuation in
        let job = Job(address: address, work: work, continuation: continuation)
        let isQueued = state.withLock { state in
          let own = state.byAddress[address] ?? 0
          guard state.waiting.count < AuthenticationLimits.waitingHashes,
            own < AuthenticationLimits.waitingHashesPerAddress
          else { return false }
          state.byAddress[address] = own + 1
          state.waiting.append(job)
          return true
        }
        if isQueued { start() } else { continuation.resume(throwing: Full()) }
      }
    }

    /// Starts what may run.
    private func start() {
      let job: Job? = state.withLock { state in
        guard state.running < AuthenticationLimits.hashesAtOnce, !state.waiting.isEmpty else {
          return nil
        }
        state.running += 1
        let job = state.waiting.removeFirst()
        let left = (state.byAddress[job.address] ?? 1) - 1
        state.byAddress[job.address] = left > 0 ? left : nil
        return job
      }
      guard let job else { return }
      threads.async { [self] in
        let result = job.work()
        state.withLock { $0.running -= 1 }
        start()
        job.continuation.resume(returning: result)
      }
    }

    /// How many run and wait.
    var load: (running: Int, waiting: Int) {
      state.withLock { ($0.running, $0.waiting.count) }
    }
  }
#endif

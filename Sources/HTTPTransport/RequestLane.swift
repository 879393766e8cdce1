#if Server
  import Synchronization

  /// Requests of one connection on their way to one task, of which there is never more than one.
  final class RequestLane: Sendable {
    private typealias Reader = CheckedContinuation<IncomingRequest?, Never>

    private struct State {
      var request: IncomingRequest?
      var reader: Reader?
      var isOver = false

      /// The next request, or that there will be none; nil if the reader waits now.
      mutating func take(orWait reader: Reader) -> IncomingRequest?? {
        if let request {
          self.request = nil
          return .some(request)
        }
        if isOver { return .some(nil) }
        self.reader = reader
        return nil
      }

      mutating func takeReader() -> Reader? {
        defer { reader = nil }
        return reader
      }
    }

    private let state = Mutex(State())

    /// Hands a request over.
    func put(_ incoming: IncomingRequest) {
      let reader = state.withLock { state in
        let reader = state.takeReader()
        if reader == nil { state.request = incoming }
        return reader
      }
      reader?.resume(returning: incoming)
    }

    /// There will be no more requests.
    func end() {
      let reader = state.withLock { state in
        state.isOver = true
        return state.takeReader()
      }
      reader?.resume(returning: nil)
    }

    /// The next request; nil once the connection is closed.
    func next() async -> IncomingRequest? {
      await withCheckedContinuation { reader in
        let found = state.withLock { $0.take(orWait: reader) }
        if let found { reader.resume(returning: found) }
      }
    }
  }
#endif

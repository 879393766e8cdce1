#if Server
  import GateServer
  import HummingbirdCore
  import NIOCore
  import Synchronization

  /// A request that came in whole.
  struct IncomingRequest: Sendable {
    let request: WireRequest
    /// Which one of its connection; an answer names it, so that none is given to another request.
    let number: Int

    init(_ request: WireRequest, number: Int) { (self.request, self.number) = (request, number) }
  }

  /// One connection's way from its event loop to the task that answers its requests, and back.
  ///
  /// There is never more than one request on the way: the next one is not even read before the last
  /// one was answered. So this needs none of the queues of `NIOAsyncChannel`, which cost more than
  /// many a request.
  final class RequestLine: ServerChildChannelValue {
    private struct State {
      var request: IncomingRequest?
      var reader: CheckedContinuation<IncomingRequest?, Never>?
      var isOver = false

      /// The next request, or that there will be none; nil if the reader waits now.
      mutating func take(
        orWait reader: CheckedContinuation<IncomingRequest?, Never>
      ) -> IncomingRequest?? {
        if let request {
          self.request = nil
          return .some(request)
        }
        if isOver { return .some(nil) }
        self.reader = reader
        return nil
      }
    }

    let channel: any Channel
    private let assembler: NIOLoopBound<RequestAssembler>
    private let state = Mutex(State())

    /// Must be made on the channel's event loop.
    init(_ channel: any Channel, _ assembler: RequestAssembler) {
      self.channel = channel
      self.assembler = NIOLoopBound(assembler, eventLoop: channel.eventLoop)
    }

    // MARK: On the event loop

    /// Hands a request over.
    func put(_ incoming: IncomingRequest) {
      let reader = state.withLock { state in
        guard let reader = state.reader else {
          state.request = incoming
          return nil as CheckedContinuation<IncomingRequest?, Never>?
        }
        state.reader = nil
        return reader
      }
      reader?.resume(returning: incoming)
    }

    /// There will be no more requests.
    func end() {
      let reader = state.withLock { state in
        state.isOver = true
        defer { state.reader = nil }
        return state.reader
      }
      reader?.resume(returning: nil)
    }

    // MARK: Where answers are found

    /// The next request; nil once the connection is closed.
    func next() async -> IncomingRequest? {
      await withCheckedContinuation { reader in
        let found = state.withLock { $0.take(orWait: reader) }
        if let found { reader.resume(returning: found) }
      }
    }

    /// Sends an answer to the request of a number.
    func send(_ response: WireResponse, to number: Int) {
      let assembler = assembler
      channel.eventLoop.execute { assembler.value.answer(response, to: number) }
    }

    /// Returns when the connection is closed.
    func close() async {
      channel.close(promise: nil)
      try? await channel.closeFuture.get()
    }
  }
#endif

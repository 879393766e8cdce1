#if Server
  import NIOCore
  import NIOHTTP1

  /// What came in while a request was being answered: it has its turn afterwards, in its order.
  ///
  /// A client may send requests without waiting for answers (RFC 9112, section 9.3.2). They are
  /// answered one after the other all the same, and what of them is not begun is hardly more than
  /// what two reads of the socket gave, however much more is sent.
  struct WaitingInput {
    enum Event {
      case part(HTTPServerRequestPart)
      case error(any Error)
      /// The client has closed its side.
      case end
    }

    private var events = CircularBuffer<Event>(initialCapacity: 0)
    private var isAhead = false
    private var isReadHeld = false

    var isEmpty: Bool { events.isEmpty }

    mutating func append(_ event: Event) { events.append(event) }

    mutating func removeFirst() -> Event? { events.popFirst() }

    mutating func removeAll() { events.removeAll() }

    /// Whether the socket may be read now.
    ///
    /// While a request is being answered it may be once: then NIO need not tell the kernel to stop
    /// looking at the socket and to look again with every request, and what usually comes of it is
    /// the next request, after the answer.
    mutating func mayRead(isAnswering: Bool) -> Bool {
      guard isAnswering || !events.isEmpty else { return true }
      isReadHeld = isAhead
      isAhead = true
      return !isReadHeld
    }

    /// Whether a read that was not done is to be done now, after an answer.
    mutating func mayReadAgain(isAnswering: Bool) -> Bool {
      guard events.isEmpty else { return false }
      isAhead = isAnswering && isReadHeld
      defer { isReadHeld = false }
      return isReadHeld
    }
  }
#endif

#if Server
  import NIOCore
  import NIOHTTP1

  /// Where a connection stands between one request and its answer.
  enum ConnectionPhase {
    /// Between requests; perhaps a header is coming in.
    case waiting
    /// A body is coming in.
    case reading(HTTPRequestHead, ByteBuffer)
    /// A whole request, which waits for the client to read what was answered before.
    case parked(HTTPRequestHead, ByteBuffer)
    /// The request is with those who answer.
    case answering(HTTPRequestHead)
    /// The client reads the answer.
    case sending(isLast: Bool)
    /// A request was refused; what comes now is counted and thrown away.
    case draining(Int)

    /// Whether what comes in now belongs to a later request than the one that has no answer yet.
    var isAnswering: Bool {
      switch self {
      case .parked, .answering: true
      case .waiting, .reading, .sending, .draining: false
      }
    }

    /// How long it may last, in seconds.
    func seconds(_ settings: TransportSettings) -> Int {
      switch self {
      case .waiting: settings.idleSeconds
      case .reading: settings.bodySeconds
      case .answering: settings.answerSeconds
      case .parked, .sending: settings.readingSeconds
      case .draining: 2
      }
    }

    /// What becomes of a connection once an answer is sent.
    enum Afterwards {
      case goesOn
      case closes
      /// What the client is still sending is read, so that it sees the answer, and then it closes.
      case drains
    }
  }
#endif

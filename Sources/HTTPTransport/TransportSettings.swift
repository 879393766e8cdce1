#if Server
  public import GateServer

  /// Where to listen, and how much to take.
  public struct TransportSettings: Sendable {
    /// The address to listen at.
    public var host = "127.0.0.1"
    /// The port; 0 for any that is free.
    public var port = 9200
    /// Nil for plain HTTP.
    public var tls: TLSSettings?

    /// Largest body in bytes, before and after decompression.
    public var bodyBytes = ServerLimits.bodyBytes
    /// Largest header field, and all header fields with the request line, in bytes.
    public var headerBytes = 32 << 10
    /// Most header fields.
    public var headerFields = 200
    /// Most connections; more wait until one is closed.
    public var connections = 4_096
    /// Connections that the system lets wait.
    public var backlog = 256
    /// Most requests that are being answered at once; more are told to come back, with status 429.
    public var requestsInProgress = 512
    /// Seconds that a connection may be silent between requests, and that a request's header may
    /// take.
    public var idleSeconds = 60
    /// Seconds that a request's body may take to come in, however busily it drips.
    public var bodySeconds = 30
    /// Seconds that an answer may take to be found.
    public var answerSeconds = 60
    /// Seconds that a client may take to read an answer.
    public var readingSeconds = 30
    /// How much of a refused body is read, so that the client sees the refusal, before the
    /// connection is closed; in bytes.
    public var drainedBytes = 1 << 20

    /// Settings for a machine of one's own: loopback, without TLS.
    public init() {}

    /// Whether the address can be reached from this machine only.
    public var isLoopback: Bool {
      host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
  }

  /// Is told of what goes over the wire, for logs and metrics.
  public protocol TransportObserver: Sendable {
    /// A request came in whole and is being answered.
    func began(_ request: WireRequest)
    /// A request was answered.
    func answered(_ exchange: Exchange)
    /// A connection was refused, cut or broken before there was a request that could be answered.
    func refused(_ refusal: String, status: Int, address: String?)
  }

  /// One request and its answer, as far as they are worth noting.
  public struct Exchange: Sendable {
    /// The request; its body is not here.
    public let request: WireRequest
    /// HTTP status.
    public let status: Int
    /// What the server noted about the answer.
    public let note: WireNote
    /// Bytes of the answer's body.
    public let bytes: Int
    /// How long the answer took to be found, in seconds.
    public let seconds: Double
  }
#endif

#if Server
  public import GateServer
  import HummingbirdCore
  public import Logging
  import NIOCore
  import NIOPosix
  public import ServiceLifecycle
  public import Tracing

  /// The network below the wire APIs.
  ///
  /// Takes whole requests off sockets, within limits of size and time, and gives whole responses
  /// back. Hummingbird accepts connections and shuts down gracefully; what its defaults leave open
  /// (idle connections, bodies that drip, refused bodies that never end, missing or doubled `Host`,
  /// old TLS) is closed by `RequestAssembler` and `TLSSettings`.
  ///
  /// ```swift
  /// let transport = try HTTPTransport(settings, logger: logger) { await server.answer($0) }
  /// try await ServiceGroup(services: [transport], …).run()
  /// ```
  public struct HTTPTransport: Service {
    /// Answers one request. It must not throw and should not take for ever.
    public typealias Answering = @Sendable (WireRequest) async -> WireResponse
    /// Whether a request is answered within microseconds.
    public typealias BriefTest = @Sendable (WireRequest) -> Bool

    private let server: any Service

    /// A transport that is not running yet.
    ///
    /// - Parameters:
    ///   - certificate: what encrypts, if the settings say that connections are encrypted; nil to
    ///     read it from the settings' files and keep it.
    ///   - observer: is told of every answer.
    ///   - tracer: what spans are made with; nil for the one that the process was given before this
    ///     (`InstrumentationSystem.bootstrap`), if it was.
    ///   - onListening: is called with the port once connections are accepted.
    ///   - isBrief: tells requests that are answered by the thread which read them, because handing
    ///     them to another one would take as long as answering them. While it does, that thread
    ///     serves no other connection.
    /// - Throws: an error of NIOSSL or of files if certificate, key or trust roots can't be used.
    public init(
      _ settings: TransportSettings, certificate: LiveCertificate? = nil, logger: Logger,
      observer: (any TransportObserver)? = nil, tracer: (any Tracer)? = nil,
      onListening: @escaping @Sendable (Int) async -> Void = { _ in },
      isBrief: @escaping BriefTest = { _ in false }, answering: @escaping Answering
    ) throws {
      let load = Load(limit: settings.requestsInProgress)
      let channel = GateChannel(
        settings: settings, load: load, observer: observer, isBrief: isBrief,
        answering: answering, spans: tracer.map { RequestSpans($0) } ?? RequestSpans())
      let configuration = ServerConfiguration(
        address: .hostname(settings.host, port: settings.port), backlog: settings.backlog,
        availableConnectionsDelegate: .maximum(settings.connections, logger: logger))
      let onRunning: @Sendable (any Channel) async -> Void = { channel in
        await onListening(channel.localAddress?.port ?? settings.port)
      }
      let group = MultiThreadedEventLoopGroup.singleton
      if let tls = settings.tls {
        server = try Server(
          childChannelSetup: EncryptedChannel(
            base: channel, certificate: certificate ?? LiveCertificate(tls)),
          configuration: configuration,
          onServerRunning: onRunning, eventLoopGroup: group, logger: logger)
      } else {
        server = Server(
          childChannelSetup: channel, configuration: configuration, onServerRunning: onRunning,
          eventLoopGroup: group, logger: logger)
      }
    }

    /// Serves until the group that it belongs to shuts down: then no connection is accepted any
    /// more, idle ones are closed, and requests that are being answered are finished.
    public func run() async throws {
      try await server.run()
    }
  }
#endif

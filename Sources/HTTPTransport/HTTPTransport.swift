#if Server
  public import GateServer
  import HummingbirdCore
  public import Logging
  import NIOCore
  import NIOPosix
  public import ServiceLifecycle

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

    private let server: any Service

    /// A transport that is not running yet.
    ///
    /// - Parameters:
    ///   - observer: is told of every answer.
    ///   - onListening: is called with the port once connections are accepted.
    /// - Throws: an error of NIOSSL or of files if certificate, key or trust roots can't be used.
    public init(
      _ settings: TransportSettings, logger: Logger, observer: (any TransportObserver)? = nil,
      onListening: @escaping @Sendable (Int) async -> Void = { _ in },
      answering: @escaping Answering
    ) throws {
      let load = Load(limit: settings.requestsInProgress)
      let channel = GateChannel(
        settings: settings, load: load, observer: observer, answering: answering)
      let configuration = ServerConfiguration(
        address: .hostname(settings.host, port: settings.port), backlog: settings.backlog,
        availableConnectionsDelegate: .maximum(settings.connections, logger: logger))
      let onRunning: @Sendable (any Channel) async -> Void = { channel in
        await onListening(channel.localAddress?.port ?? settings.port)
      }
      let group = MultiThreadedEventLoopGroup.singleton
      if let tls = settings.tls {
        server = try Server(
          childChannelSetup: tls.channel(around: channel), configuration: configuration,
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

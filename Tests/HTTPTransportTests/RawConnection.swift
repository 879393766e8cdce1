#if Server
  import Foundation
  import GateServer
  import HTTPTransport
  import Logging
  import NIOCore
  import NIOPosix
  import ServiceLifecycle
  import Tracing

  /// A connection that sends what it is told to, byte by byte, as no client would.
  struct RawConnection {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static func open(_ port: Int) async throws -> RawConnection {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
              wrappingChannelSynchronously: channel,
              configuration: .init(isOutboundHalfClosureEnabled: true))
          }
        }
      return RawConnection(channel: channel)
    }

    /// Sends texts one after the other, and gives everything that comes back until the server
    /// closes or `seconds` are over, which are many: where all tests run at once, whatever has to wait
    /// for a thread has to wait for long.
    static func exchange(
      _ port: Int, _ texts: [String], closing: Bool = false, pause: Double = 0,
      seconds: Double = 600
    ) async throws -> Answer {
      let connection = try await open(port)
      return try await connection.channel.executeThenClose { inbound, outbound in
        try await withThrowingTaskGroup(of: Answer?.self) { group in
          group.addTask {
            var text = ""
            // A connection that breaks is closed, too.
            do { for try await part in inbound { text += String(buffer: part) } } catch {}
            return Answer(text: text, isClosed: true)
          }
          group.addTask {
            try await Task.sleep(for: .seconds(seconds))
            connection.channel.channel.close(promise: nil)
            return nil
          }
          group.addTask {
            for text in texts {
              try await outbound.write(ByteBuffer(string: text))
              if pause > 0 { try await Task.sleep(for: .seconds(pause)) }
            }
            if closing { outbound.finish() }
            try await Task.sleep(for: .seconds(seconds + 1))
            return nil
          }
          var wasCut = false
          while let next = try await next(&group) {
            guard var answer = next else {
              wasCut = true
              continue
            }
            answer.isClosed = !wasCut
            group.cancelAll()
            return answer
          }
          throw CancellationError()
        }
      }
    }

    /// A write to a connection that the server has closed is no failure of a test.
    private static func next(
      _ group: inout ThrowingTaskGroup<Answer?, any Error>
    ) async throws -> Answer?? {
      while true {
        do { return try await group.next() } catch {}
      }
    }
  }

  /// What came back.
  struct Answer: Sendable {
    var text: String
    /// Whether the server closed, rather than the test.
    var isClosed: Bool

    /// The statuses of all responses.
    var statuses: [Int] {
      text.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
    }
  }

  /// A transport on a free port for as long as a test takes.
  enum Serving {
    static func run<Result: Sendable>(
      _ settings: TransportSettings = TransportSettings(),
      certificate: LiveCertificate? = nil, observer: (any TransportObserver)? = nil,
      tracer: (any Tracer)? = nil, isBrief: @escaping HTTPTransport.BriefTest = { _ in false },
      answering: @escaping HTTPTransport.Answering = echo,
      _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
      var settings = settings
      settings.port = 0
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let (ports, port) = AsyncStream<Int>.makeStream()
      let transport = try HTTPTransport(
        settings, certificate: certificate, logger: logger, observer: observer, tracer: tracer,
        onListening: { port.yield($0) }, isBrief: isBrief, answering: answering)
      var configuration = ServiceGroupConfiguration(services: [transport], logger: logger)
      configuration.maximumGracefulShutdownDuration = .seconds(60)
      configuration.maximumCancellationDuration = .seconds(2)
      let group = ServiceGroup(configuration: configuration)
      async let serving: Void = group.run()
      guard let listening = await ports.first(where: { _ in true }) else {
        throw CancellationError()
      }
      do {
        let result = try await body(listening)
        await group.triggerGracefulShutdown()
        try? await serving
        return result
      } catch {
        await group.triggerGracefulShutdown()
        try? await serving
        throw error
      }
    }

    /// Says what it was asked.
    static let echo: HTTPTransport.Answering = { request in
      if request.segments.first == "slow" { try? await Task.sleep(for: .seconds(20)) }
      if request.segments.first == "large" {
        return WireResponse(status: 200, body: Array(repeating: 0x61, count: 64 << 20))
      }
      return .text(
        200, "\(request.method) \(request.segments) \(request.body.count) \(request.body.last ?? 0)"
      )
    }
  }
#endif

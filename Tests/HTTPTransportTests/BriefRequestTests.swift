#if Server
  import GateServer
  import HTTPTransport
  import NIOPosix
  import StoreContract
  import Testing

  /// Requests that are answered by the thread which read them.
  @Suite(.timeLimit(.minutes(20))) struct BriefRequestTests {
    static let isBrief: HTTPTransport.BriefTest = { $0.segments.first == "brief" }

    /// Says what it was asked and whether an event loop's thread answers, before and after waiting.
    static let answering: HTTPTransport.Answering = { request in
      let before = MultiThreadedEventLoopGroup.currentEventLoop != nil
      if request.segments.last == "waits" { try? await Task.sleep(for: .milliseconds(50)) }
      return .text(200, "\(request.target) \(before) \(isOnLoop());")
    }

    private static func isOnLoop() -> Bool { MultiThreadedEventLoopGroup.currentEventLoop != nil }

    static func ask(_ paths: [String]) async throws -> Answer {
      try await Serving.run(isBrief: isBrief, answering: answering) { port in
        try await RawConnection.exchange(
          port, [paths.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()])
      }
    }

    @Test func threads() async throws {
      let answer = try await Self.ask(["/brief", "/other", "/brief/waits", "/other/waits"])
      #expect(
        PipeliningTests.bodies(answer) == [
          "/brief true true", "/other false false", "/brief/waits true true",
          "/other/waits false false",
        ])
    }

    @Test func answersKeepTheOrderOfRequests() async throws {
      let paths = (0..<200).map { number in
        switch number % 7 {
        case 0, 3: "/other/\(number)"
        case 5: "/brief/\(number)/waits"
        case 6: "/other/\(number)/waits"
        default: "/brief/\(number)"
        }
      }
      let answer = try await Self.ask(paths)
      let targets = PipeliningTests.bodies(answer).map { $0.prefix { $0 != " " } }
      #expect(targets.map { String($0) } == paths)
    }

    /// A brief request that takes long all the same is given up, and the others are served.
    @Test func lateAnswersOfBriefRequestsAreNotSent() async throws {
      var settings = TransportSettings()
      settings.answerSeconds = 1
      let (late, next) = try await Serving.run(
        settings, isBrief: { _ in true },
        answering: { request in
          if request.target == "/late" { try? await Task.sleep(for: .seconds(3)) }
          return .text(200, "\(request.target);")
        }
      ) { port in
        async let late = RawConnection.exchange(port, ["GET /late HTTP/1.1\r\nHost: x\r\n\r\n"])
        async let next = RawConnection.exchange(port, [TransportTests.get])
        return try await (late, next)
      }
      #expect(late.statuses == [503] && next.statuses == [200])
    }
  }
#endif

#if Server
  import GateServer
  import HTTPTransport
  import NIOCore
  import Synchronization
  import Testing

  /// What nobody should send, and what is lost by it: that connection, nothing else.
  @Suite(.timeLimit(.minutes(20))) struct HostileTests {
    static func settings(_ change: (inout TransportSettings) -> Void) -> TransportSettings {
      var settings = TransportSettings()
      change(&settings)
      return settings
    }

    static let malformed: [String] = [
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\na",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\na",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\na",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\na",
      "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\n folded: a\r\n\r\n",
      "GET / HTTP/1.1\nHost: x\n\n",
      "GET / HTTP/1.1\r\nHost: x\r\nA: \u{0}\r\n\r\n",
      "GET / HTTP/3.7\r\nHost: x\r\n\r\n",
      "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n",
      "G@T / HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
      "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}\r\n\r\n",
      "\r\n\r\n\r\n@@@@\r\n\r\n",
    ]

    @Test func malformedRequestsGetOneRefusalAndNoSecondRequestIsSmuggled() async throws {
      let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
      let problems = try await Serving.run { port in
        var problems: [String] = []
        for text in Self.malformed {
          let answer = try await RawConnection.exchange(port, [text + smuggled])
          if answer.statuses.contains(200) || answer.text.contains("smuggled") || !answer.isClosed
            || !answer.statuses.allSatisfy({ (400..<500).contains($0) })
          {
            problems.append("\(text.debugDescription): \(answer)")
          }
        }
        let after = try await RawConnection.exchange(port, [TransportTests.last])
        if after.statuses != [200] { problems.append("the server does not answer any more") }
        return problems
      }
      #expect(problems == [])
    }

    @Test func bodiesHaveALimit() async throws {
      let settings = Self.settings { $0.bodyBytes = 10 }
      let answers = try await Serving.run(settings) { port in
        [
          try await RawConnection.exchange(
            port,
            [
              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789"
            ]),
          try await RawConnection.exchange(
            port, ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n01234567890"]),
          try await RawConnection.exchange(
            port,
            [
              "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n"
            ]),
        ]
      }
      #expect(answers.map(\.statuses) == [[200], [413], [413]])
      #expect(answers.filter { !$0.isClosed }.isEmpty)
    }

    @Test func whatIsSentAfterARefusalIsCutOff() async throws {
      let settings = Self.settings { settings in
        settings.bodyBytes = 10
        settings.drainedBytes = 100_000
      }
      let chunk = String(repeating: "x", count: 60_000)
      let answer = try await Serving.run(settings) { port in
        try await RawConnection.exchange(
          port,
          ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"]
            + Array(repeating: chunk, count: 100), pause: 0.02)
      }
      #expect(answer.isClosed)
    }

    @Test func bombsDoNotGoOff() async throws {
      let settings = Self.settings { $0.bodyBytes = 100_000 }
      let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: "
      let answers = try await Serving.run(settings) { port in
        [
          try await RawConnection.exchangeBytes(
            port, Array("\(head)\(Gzip.bomb.count)\r\n\r\n".utf8) + Gzip.bomb),
          try await RawConnection.exchange(port, ["\(head)3\r\n\r\nabc"]),
          try await RawConnection.exchange(
            port,
            ["POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\na"]),
        ]
      }
      #expect(answers.map { $0.statuses.first } == [413, 400, 415])
    }

    @Test func largeHeadersAreRefused() async throws {
      let settings = Self.settings { settings in
        settings.headerBytes = 1_000
        settings.headerFields = 20
      }
      let many = (0..<30).map { "A\($0): b\r\n" }.joined()
      let answers = try await Serving.run(settings) { port in
        [
          try await RawConnection.exchange(
            port,
            ["GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 2_000))\r\n\r\n"]),
          try await RawConnection.exchange(port, ["GET / HTTP/1.1\r\nHost: x\r\n\(many)\r\n"]),
        ]
      }
      #expect(answers.filter { !$0.isClosed || $0.statuses.contains(200) }.isEmpty)
    }

    static let drip = Array(repeating: "x", count: 600)

    @Test func whoDoesNotFinishAHeaderIsCut() async throws {
      let answers = try await Serving.run(Self.settings { $0.idleSeconds = 1 }) { port in
        async let silent = RawConnection.exchange(port, [])
        async let header = RawConnection.exchange(
          port, ["GET / HTTP/1.1\r\n"] + Self.drip, pause: 0.1)
        return try await [silent, header]
      }
      #expect(answers.map(\.statuses) == [[], []])
      #expect(answers.filter { !$0.isClosed }.isEmpty)
    }

    @Test func whoDripsABodyIsCut() async throws {
      let answer = try await Serving.run(Self.settings { $0.bodySeconds = 1 }) { port in
        try await RawConnection.exchange(
          port, ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"] + Self.drip,
          pause: 0.1)
      }
      #expect(answer.statuses == [408])
      #expect(answer.isClosed)
    }

    @Test func anAnswerThatIsNotFoundIsGivenUp() async throws {
      let answer = try await Serving.run(Self.settings { $0.answerSeconds = 1 }) { port in
        try await RawConnection.exchange(port, ["GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"])
      }
      #expect(answer.statuses == [503])
      #expect(answer.isClosed)
    }

    @Test func whoDoesNotReadIsCut() async throws {
      let settings = Self.settings { $0.readingSeconds = 1 }
      let closed = try await Serving.run(settings) { port in
        let connection = try await RawConnection.open(port)
        return try await connection.channel.executeThenClose { inbound, outbound in
          try await outbound.write(ByteBuffer(string: "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"))
          try await Task.sleep(for: .seconds(4))
          var count = 0
          // What was on its way is still to be read; all of it never comes.
          do { for try await part in inbound { count += part.readableBytes } } catch {}
          return count < 64 << 20
        }
      }
      #expect(closed)
    }

    /// Who asks on and on and reads nothing is not answered on and on.
    @Test func whoDoesNotReadIsNotAnsweredFurther() async throws {
      let answered = Atomic<Int>(0)
      let all = 64
      let text = String(repeating: "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", count: all - 1)
      let count = try await Serving.run(answering: { _ in
        answered.add(1, ordering: .relaxed)
        return WireResponse(status: 200, body: Array(repeating: 0x61, count: 2 << 20))
      }) { port in
        let connection = try await RawConnection.open(port)
        return try await connection.channel.executeThenClose { inbound, outbound in
          try await outbound.write(ByteBuffer(string: text + TransportTests.last))
          var (before, now) = (-1, 0)
          while before != now {
            try await Task.sleep(for: .seconds(1))
            (before, now) = (now, answered.load(ordering: .relaxed))
          }
          #expect(now < all)
          // Then they are all there.
          var count = 0
          for try await part in inbound { count += part.readableBytes }
          return count
        }
      }
      #expect(answered.load(ordering: .relaxed) == all)
      #expect(count > all * (2 << 20))
    }

    @Test func tooManyAtOnceAreToldToComeBack() async throws {
      let (begun, begin) = AsyncStream<Void>.makeStream()
      let (over, end) = AsyncStream<Void>.makeStream()
      let answering: HTTPTransport.Answering = { request in
        if request.segments.first == "slow" {
          begin.yield()
          for await _ in over {}
        }
        return .text(200, "done")
      }
      let settings = Self.settings { $0.requestsInProgress = 1 }
      let statuses = try await Serving.run(settings, answering: answering) { port in
        async let first = RawConnection.exchange(
          port, ["GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
        for await _ in begun { break }
        let second = try await RawConnection.exchange(port, [TransportTests.last])
        end.finish()
        let third = try await first
        let fourth = try await RawConnection.exchange(port, [TransportTests.last])
        return [second, third, fourth].map(\.statuses)
      }
      #expect(statuses == [[429], [200], [200]])
    }

    @Test func connectionsOverTheLimitWaitForTheirTurn() async throws {
      let settings = Self.settings { settings in
        settings.connections = 3
        settings.idleSeconds = 2
      }
      let answer = try await Serving.run(settings) { port in
        var silent: [RawConnection] = []
        for _ in 0..<8 { silent.append(try await RawConnection.open(port)) }
        let answer = try await RawConnection.exchange(port, [TransportTests.last])
        for connection in silent { try? await connection.channel.executeThenClose { _, _ in } }
        return answer
      }
      #expect(answer.statuses == [200])
    }

    @Test func aStuckUploadDoesNotHoldUpShutdown() async throws {
      let settings = Self.settings { $0.bodySeconds = 3_600 }
      let stuck = try await Serving.run(settings) { port in
        let stuck = Task {
          try await RawConnection.exchange(
            port, ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\na"])
        }
        try await Task.sleep(for: .seconds(1))
        return stuck
      }
      // It was told that it took too long, which it would not have been within an hour.
      #expect(try await stuck.value.statuses == [408])
    }
  }
#endif

#if Server
  import GateServer
  import HTTPTransport
  import Testing

  /// What well-meaning clients send.
  @Suite(.timeLimit(.minutes(20))) struct TransportTests {
    static let get = "GET /a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n"
    static let last = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    @Test func answersOneAfterTheOtherOnOneConnection() async throws {
      let answer = try await Serving.run { port in
        try await RawConnection.exchange(
          port,
          [
            Self.get,
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" + Self.get,
            "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n",
            Self.last,
          ])
      }
      #expect(answer.statuses == [200, 200, 200, 200, 200])
      #expect(answer.isClosed)
      for part in [
        #"GET ["a/b"] 0 0"#, "POST [] 3 99", #"PUT ["c"] 3 102"#, #"GET ["last"] 0 0"#,
      ] {
        #expect(answer.text.contains(part))
      }
    }

    @Test func headHasALengthAndNoBody() async throws {
      let answer = try await Serving.run { port in
        try await RawConnection.exchange(
          port, ["HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
      }
      #expect(answer.text.contains("Content-Length: 11\r\n"))
      #expect(answer.text.hasSuffix("\r\n\r\n"))
    }

    @Test func sendsIDsBack() async throws {
      let answer = try await Serving.run { port in
        try await RawConnection.exchange(
          port,
          [
            "GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: r-1\r\nX-Opaque-Id: o-1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: \(String(repeating: "x", count: 128))\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: \(String(repeating: "y", count: 129))\r\n\r\n",
            Self.last,
          ])
      }
      #expect(answer.text.contains("X-Request-Id: r-1\r\n"))
      #expect(answer.text.contains("X-Opaque-Id: o-1\r\n"))
      // `TransportLimits.requestIDBytes`: the longest comes back, a longer one does not.
      #expect(TransportLimits.requestIDBytes == 128)
      #expect(answer.text.contains("xxxx\r\n"))
      #expect(!answer.text.contains("yyyy"))
    }

    @Test func answersWhoHasFinishedSending() async throws {
      let answer = try await Serving.run { port in
        try await RawConnection.exchange(port, [Self.get], closing: true)
      }
      #expect(answer.statuses == [200])
      #expect(answer.isClosed)
    }

    @Test func asksForTheBody() async throws {
      let answer = try await Serving.run { port in
        try await RawConnection.exchange(
          port,
          [
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            "a",
          ], pause: 0.3)
      }
      #expect(answer.statuses == [100, 200])
    }

    @Test func readsCompressedBodies() async throws {
      let answer = try await Serving.run { port in
        try await RawConnection.exchangeBytes(
          port,
          Array(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: \(Gzip.abc.count)\r\nConnection: close\r\n\r\n"
              .utf8) + Gzip.abc)
      }
      #expect(answer.text.contains("POST [] 3 99"))
    }

    @Test func takesAbsoluteTargets() async throws {
      let answer = try await Serving.run { port in
        try await RawConnection.exchange(
          port, ["GET http://x/y?z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
      }
      #expect(answer.text.contains(#"GET ["y"]"#))
    }

    @Test func tellsAnObserver() async throws {
      let observer = Notes()
      _ = try await Serving.run(observer: observer) { port in
        _ = try await RawConnection.exchange(port, [Self.last])
        return try await RawConnection.exchange(port, ["GET / HTTP/1.1\r\n\r\n"])
      }
      #expect(observer.all.contains("answered 200 /last"))
      #expect(observer.all.contains { $0.hasPrefix("refused 400") })
    }
  }
#endif

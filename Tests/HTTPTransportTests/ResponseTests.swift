#if Server
  import Foundation
  import GateServer
  import HTTPTransport
  import Testing

  /// What goes out: exactly what was meant, and no second answer inside of one.
  @Suite(.timeLimit(.minutes(20))) struct ResponseTests {
    static func answer(
      _ response: WireResponse, to request: String = TransportTests.last
    ) async throws -> Answer {
      try await Serving.run(answering: { _ in response }) { port in
        try await RawConnection.exchange(port, [request])
      }
    }

    @Test func aResponseIsWrittenAsItIs() async throws {
      let response = WireResponse(
        status: 201, headers: ["Content-Type": "text/plain", "Warning": "299 - \"é\t!\""],
        body: Array("a\r\n\r\nb".utf8))
      let answer = try await Self.answer(
        response, to: "GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: r\r\nConnection: close\r\n\r\n")
      #expect(
        answer.text
          == "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nWarning: 299 - \"é\t!\"\r\n"
          + "Content-Length: 6\r\nX-Request-Id: r\r\nConnection: close\r\n\r\na\r\n\r\nb")
    }

    @Test func whatHasNoBodyHasNoLength() async throws {
      for status in [204, 304] {
        let answer = try await Self.answer(WireResponse(status: status, body: [0x61]))
        #expect(answer.statuses == [status])
        #expect(!answer.text.contains("Content-Length") && answer.text.hasSuffix("\r\n\r\n"))
      }
      let empty = try await Self.answer(WireResponse(status: 200))
      #expect(empty.text.contains("Content-Length: 0\r\n"))
    }

    /// A field that would end its line, or the head, is not sent, whoever wrote it.
    @Test func fieldsCannotBeSmuggled() async throws {
      let fields: [(String, String)] = [
        ("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "a\rb"), ("X", "a\u{0}b"),
        ("X", "\u{7F}"), ("X\r\nY", "a"), ("X Y", "a"), ("X:", "a"), ("", "a"), ("é", "a"),
      ]
      for (name, value) in fields {
        var response = WireResponse(status: 200, body: Array("secret".utf8))
        response.headers.add(name, value)
        let answer = try await Self.answer(response)
        #expect(answer.statuses == [500], "\(name.debugDescription): \(value.debugDescription)")
        #expect(!answer.text.contains("Set-Cookie") && !answer.text.contains("secret"))
      }
    }

    @Test func oldClientsAreToldThatTheConnectionStays() async throws {
      let keeps = try await Serving.run { port in
        try await RawConnection.exchange(
          port,
          [
            "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /b HTTP/1.0\r\n\r\n",
          ])
      }
      #expect(keeps.statuses == [200, 200])
      #expect(keeps.text.components(separatedBy: "Connection: keep-alive\r\n").count == 2)
      #expect(keeps.text.components(separatedBy: "Connection: close\r\n").count == 2)
    }
  }
#endif

#if Server
  import Foundation
  import GateServer
  import HTTPTransport
  import NIOCore
  import StoreContract
  import Synchronization
  import Testing

  /// Requests that are sent before earlier ones have answers (RFC 9112, section 9.3.2).
  @Suite(.timeLimit(.minutes(20))) struct PipeliningTests {
    static let slow = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Says what it was asked, after a moment if it is asked for that.
    static let answering: HTTPTransport.Answering = { request in
      if request.segments.first == "slow" { try? await Task.sleep(for: .milliseconds(300)) }
      return .text(200, "\(request.target) \(request.body.count);")
    }

    static func bodies(_ answer: Answer) -> [String] {
      answer.text.components(separatedBy: "\r\n\r\n").dropFirst()
        .map { String($0.prefix { $0 != ";" }) }
    }

    @Test func whatIsMalformedIsRefusedInItsTurn() async throws {
      for first in [TransportTests.get, Self.slow] {
        let answer = try await Serving.run(answering: Self.answering) { port in
          try await RawConnection.exchange(
            port,
            [first + TransportTests.get + "GET / HTTP/1.1\r\nA b: c\r\n\r\n" + TransportTests.get])
        }
        #expect(answer.statuses == [200, 200, 400])
        #expect(answer.isClosed && answer.text.contains("invalid character in header"))
      }
    }

    /// More of what can't be read does not cut off who waits for an earlier answer.
    @Test func garbageBehindARequestDoesNotEndIt() async throws {
      let answer = try await Serving.run(answering: Self.answering) { port in
        try await RawConnection.exchange(
          port, [Self.slow + "\u{1}\u{2}\r\n\r\n", "more", "and more"], pause: 0.05)
      }
      #expect(answer.statuses == [200, 400])
      #expect(answer.isClosed)
    }

    @Test func aBodyThatIsNotCompressedIsRefusedInItsTurn() async throws {
      let answer = try await Serving.run(answering: Self.answering) { port in
        try await RawConnection.exchange(
          port,
          [
            Self.slow,
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
          ], pause: 0.05)
      }
      #expect(answer.statuses == [200, 400])
      #expect(answer.text.contains("not compressed as its header says"))
    }

    @Test func whoHasFinishedSendingGetsAllAnswers() async throws {
      let texts = (0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
      let answer = try await Serving.run(answering: Self.answering) { port in
        try await RawConnection.exchange(port, [Self.slow + texts.joined()], closing: true)
      }
      #expect(Self.bodies(answer) == ["/slow 0"] + (0..<50).map { "/\($0) 0" })
      #expect(answer.isClosed)
    }

    /// However the bytes are cut and however long each answer takes: one after the other, in order.
    @Test(arguments: 0..<20) func answersComeInOrder(seed: UInt64) async throws {
      var random = SeededRandom(seed)
      var (text, expected) = ("", [String]())
      for number in 0..<30 {
        let size = random.once(in: 2) ? 0 : Int.random(in: 1...5_000, using: &random)
        let body = String(repeating: "b", count: size)
        text += "POST /\(number) HTTP/1.1\r\nHost: x\r\n"
        text +=
          random.once(in: 3) && size > 0
          ? "Transfer-Encoding: chunked\r\n\r\n\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
          : "Content-Length: \(size)\r\n\r\n\(body)"
        expected.append("/\(number) \(size)")
      }
      text += TransportTests.last
      var (parts, rest) = ([String](), Substring(text))
      while !rest.isEmpty {
        let part = rest.prefix(Int.random(in: 1...8_000, using: &random))
        parts.append(String(part))
        rest = rest.dropFirst(part.count)
      }
      let all = parts
      let answer = try await Serving.run(answering: { request in
        for _ in 0..<(request.body.count % 7) { await Task.yield() }
        return .text(200, "\(request.target) \(request.body.count);")
      }) { port in try await RawConnection.exchange(port, all) }
      #expect(Self.bodies(answer) == expected + ["/last 0"])
    }

    /// How much of what was sent has left.
    private final class Taken: Sendable {
      let bytes = Atomic<Int>(0)
    }

    /// Who sends on and on without reading is not read on and on.
    @Test func whatIsNotBegunIsNotRead() async throws {
      let taken = Taken()
      let request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"
      let text = request + String(repeating: "x", count: 60_000)
      let most = try await Serving.run(answering: { _ in
        try? await Task.sleep(for: .seconds(4))
        return .text(200, "done")
      }) { port in
        let connection = try await RawConnection.open(port)
        return try await connection.channel.executeThenClose { _, _ in
          let channel = connection.channel.channel
          let sender = Task {
            for _ in 0..<4_000 {
              try await channel.writeAndFlush(ByteBuffer(string: text))
              taken.bytes.add(text.utf8.count, ordering: .relaxed)
            }
          }
          try await Task.sleep(for: .seconds(2))
          sender.cancel()
          return taken.bytes.load(ordering: .relaxed)
        }
      }
      // What the kernel holds at both ends; 240 MB were offered.
      #expect(most < 40_000_000)
    }

    /// The request that is being answered when the server shuts down is the last one.
    @Test func whatIsBegunIsAnsweredAtShutdown() async throws {
      let (begun, begin) = AsyncStream<Void>.makeStream()
      let answer = try await Serving.run(answering: { _ in
        begin.yield()
        try? await Task.sleep(for: .seconds(2))
        return .text(200, "done")
      }) { port in
        let connection = Task {
          try await RawConnection.exchange(port, [TransportTests.get + TransportTests.get])
        }
        for await _ in begun { break }
        return connection
      }
      let text = try await answer.value
      #expect(text.statuses == [200])
      #expect(text.isClosed && text.text.contains("Connection: close\r\n"))
    }

    /// The parser reads nothing behind such a request, so the client must not wait for more.
    @Test func whoAsksForAnotherProtocolGetsAnAnswer() async throws {
      let answer = try await Serving.run(answering: Self.answering) { port in
        try await RawConnection.exchange(
          port,
          [
            "GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n",
            TransportTests.last,
          ])
      }
      #expect(answer.statuses == [200])
      #expect(answer.isClosed && answer.text.contains("Connection: close\r\n"))
    }
  }
#endif

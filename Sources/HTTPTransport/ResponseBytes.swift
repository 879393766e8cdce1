#if Server
  import GateServer
  import NIOCore
  import NIOHTTP1

  /// A response as HTTP/1.1 says it (RFC 9112, section 4): head and body in one buffer, so that both
  /// are one write of one piece and pass no handler but that of TLS.
  ///
  /// NIO's encoder sees each response in three parts, each of which passes every handler, and that
  /// took a tenth of the processor time of an evaluation.
  struct ResponseBytes {
    let request: HTTPRequestHead
    /// Whether the connection is closed after it.
    let isLast: Bool
    let requestID: String

    /// The bytes of a response. If it has a header field that can't be sent, because it would end
    /// the field or the head and begin another one, then those of an answer that says so.
    func buffer(_ response: WireResponse, _ allocator: ByteBufferAllocator) -> ByteBuffer {
      guard response.headers.fields.allSatisfy({ Self.isSendable($0.name, $0.value) }) else {
        return buffer(Refusal.unsendableField.response, allocator)
      }
      let status = HTTPResponseStatus(statusCode: response.status)
      let hasBody = response.status >= 200 && response.status != 204 && response.status != 304
      let sendsBody = hasBody && request.method != .HEAD
      var buffer = allocator.buffer(
        capacity: Self.room(for: response) + (sendsBody ? response.body.count : 0))
      buffer.writeStaticString("HTTP/1.1 ")
      buffer.writeString(String(response.status))
      buffer.writeStaticString(" ")
      buffer.writeString(status.reasonPhrase)
      buffer.writeStaticString("\r\n")
      for (name, value) in response.headers.fields { buffer.writeField(name, value) }
      if hasBody { buffer.writeField("Content-Length", String(response.body.count)) }
      writeOwnFields(to: &buffer)
      buffer.writeStaticString("\r\n")
      if sendsBody { buffer.writeBytes(response.body) }
      return buffer
    }

    /// The fields that are the transport's: which request it was, and what becomes of the connection.
    private func writeOwnFields(to buffer: inout ByteBuffer) {
      buffer.writeField("X-Request-Id", requestID)
      if let opaque = request.headers.first(name: "x-opaque-id"), RequestID.isUsable(opaque) {
        buffer.writeField("X-Opaque-Id", opaque)
      }
      if isLast {
        buffer.writeStaticString("Connection: close\r\n")
      } else if request.version == .http1_0 {
        buffer.writeStaticString("Connection: keep-alive\r\n")
      }
    }

    /// What a client is told that waits to be asked for its body.
    static let goOn: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"

    /// Enough for a head, so that it is allocated once: the fields, and what else there is.
    private static func room(for response: WireResponse) -> Int {
      response.headers.fields.reduce(512) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    }

    /// Whether a field has a name and a value as RFC 9110 has them, sections 5.1 and 5.5.
    static func isSendable(_ name: String, _ value: String) -> Bool {
      !name.isEmpty && name.utf8.allSatisfy { isOfToken($0) }
        && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        true
      default: "!#$%&'*+.^_`|~".utf8.contains(byte)
      }
    }
  }

  extension ByteBuffer {
    fileprivate mutating func writeField(_ name: String, _ value: String) {
      writeString(name)
      writeStaticString(": ")
      writeString(value)
      writeStaticString("\r\n")
    }
  }
#endif

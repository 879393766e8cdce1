#if Server
  import GateServer
  import HTTPTransport
  import NIOCore
  import Synchronization

  /// Bodies that were compressed.
  enum Gzip {
    /// `abc`.
    static let abc: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4B, 0x4C, 0x4A, 0x06, 0x00,
      0xC2, 0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00,
    ]

    /// Eight million zeros in a few thousand bytes: a header, one deflate block again and again, and
    /// an end that nobody reaches.
    static let bomb: [UInt8] = {
      let head: [UInt8] = [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03]
      return head + zeros
    }()

    /// A stream of deflate that never stops saying "258 zeros more".
    private static let zeros: [UInt8] =
      [
        0xED, 0xC1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x82, 0x20, 0xFF, 0xAF, 0x6E, 0x48, 0x40, 0x01,
        0x00, 0x00, 0x00, 0x00, 0x00,
      ] + Array(repeating: 0, count: 8_000)
  }

  /// Remembers what it is told.
  final class Notes: TransportObserver {
    private let notes = Mutex<[String]>([])

    var all: [String] { notes.withLock { $0 } }

    func began(_ request: WireRequest) {}

    func answered(_ exchange: Exchange) {
      notes.withLock { $0.append("answered \(exchange.status) \(exchange.request.path)") }
    }

    func refused(_ refusal: String, status: Int, address: String?) {
      notes.withLock { $0.append("refused \(status) \(refusal)") }
    }
  }

  extension RawConnection {
    /// Sends bytes, and gives what comes back until the server closes.
    static func exchangeBytes(_ port: Int, _ bytes: [UInt8]) async throws -> Answer {
      let connection = try await open(port)
      return try await connection.channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(bytes: bytes))
        var text = ""
        do { for try await part in inbound { text += String(buffer: part) } } catch {}
        return Answer(text: text, isClosed: true)
      }
    }
  }
#endif

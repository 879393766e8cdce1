#if Server
  import GateServer
  import NIOHTTP1

  /// Why a request is not even read.
  struct Refusal {
    let status: Int
    let type: String
    let reason: String

    init(_ status: Int, _ type: String, _ reason: String) {
      (self.status, self.type, self.reason) = (status, type, reason)
    }

    var response: WireResponse {
      var body = ErrorBody(status, type, reason)
      if status == 429 || status == 503 { body.headers.set("Retry-After", "1") }
      return body.response
    }

    static func tooLarge(_ limit: Int) -> Refusal {
      Refusal(413, "content_too_long_exception", "the body is larger than \(limit) bytes")
    }
    static func malformed(_ error: HTTPParserError) -> Refusal {
      Refusal(
        400, "illegal_argument_exception",
        "the request is not HTTP/1.1 as this server reads it: \(String(reflecting: error))")
    }
    static var unsendableField: Refusal {
      Refusal(
        500, "illegal_state_exception", "the answer has a header field that must not be sent")
    }
    static var notCompressed: Refusal {
      Refusal(400, "illegal_argument_exception", "the body is not compressed as its header says")
    }
    static func slowBody(_ seconds: Int) -> Refusal {
      Refusal(408, "timeout_exception", "the body did not come in within \(seconds) seconds")
    }
    static func slowAnswer(_ seconds: Int) -> Refusal {
      Refusal(503, "timeout_exception", "no answer was found within \(seconds) seconds")
    }
    static var tooManyRequests: Refusal {
      Refusal(
        429, "rejected_execution_exception", "too many requests are being answered; try again")
    }
  }

  /// What a request's header must be like, beyond what the parser sees to.
  enum HeadRules {
    /// Why a request is refused before its body; nil if it is not.
    static func refusal(of head: HTTPRequestHead, _ settings: TransportSettings) -> Refusal? {
      // RFC 9112, section 3.2: none or several hosts are answered with 400.
      let hosts = head.headers["host"]
      guard hosts.count == 1 || (hosts.isEmpty && head.version == .http1_0) else {
        return Refusal(
          400, "illegal_argument_exception",
          "a request must have one `Host` header, this one has \(hosts.count)")
      }
      guard let host = hosts.first, !isHost(host) else { return encoding(head, settings) }
      return Refusal(400, "illegal_argument_exception", "the `Host` header is not a host")
    }

    /// Whether another request may follow on the same connection. The parser reads none behind a
    /// request that asks for another protocol, which some clients do with their first one as a
    /// matter of course; such a request is answered as if it had not asked (RFC 9110, section 7.8).
    static func mayFollow(_ head: HTTPRequestHead) -> Bool {
      head.isKeepAlive && !head.headers.contains(name: "upgrade") && head.method != .CONNECT
    }

    private static func encoding(_ head: HTTPRequestHead, _ settings: TransportSettings) -> Refusal?
    {
      let codings = head.headers["content-encoding"].map { $0.lowercased() }
      guard codings.isEmpty || (codings.count == 1 && known.contains(codings[0])) else {
        return Refusal(
          415, "illegal_argument_exception",
          "the body must be plain or compressed with gzip or deflate")
      }
      if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
        length > settings.bodyBytes
      {
        return .tooLarge(settings.bodyBytes)
      }
      return nil
    }

    private static let known: Set<String> = ["gzip", "deflate", "identity"]

    private static func isHost(_ text: String) -> Bool {
      text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-._~:[]%!$&'()*+,;=".utf8.contains(byte)
        }
      }
    }
  }

  /// What names a request in logs and answers.
  enum RequestID {
    /// The `X-Request-Id` that came, if it is short and can be seen; else a new one.
    ///
    /// - Parameter number: from which the new one is made. Different numbers make different names,
    ///   and asking the system for random bits each time would be a call of it.
    static func of(_ head: HTTPRequestHead, or number: UInt64) -> String {
      if let given = head.headers.first(name: "x-request-id"), isUsable(given) { return given }
      return new(number)
    }

    /// A name from a number.
    static func new(_ number: UInt64) -> String {
      // Each step can be undone, so no two numbers come to one (the finalizer of SplitMix64).
      var mixed = number
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return String(mixed ^ mixed >> 31, radix: 16)
    }

    static func isUsable(_ text: String) -> Bool {
      (1...TransportLimits.requestIDBytes).contains(text.utf8.count)
        && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
  }

  /// Limits that no setting changes.
  public enum TransportLimits {
    /// Longest `X-Request-Id` and `X-Opaque-Id` that are sent back, in bytes.
    public static let requestIDBytes = 128
  }
#endif

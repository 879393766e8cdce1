#if Server
  import GateServer
  import NIOCore
  import NIOHTTP1

  extension WireRequest {
    /// A request from what HTTP says.
    init(
      _ head: HTTPRequestHead, _ body: ByteBuffer, id: String, address: String?,
      certificateNames: [String], isEncrypted: Bool
    ) throws(WireFault) {
      // `GET http://host/path` is a target, too (RFC 9112, section 3.2.2).
      var target = head.uri
      if target.utf8.first != UInt8(ascii: "/") {
        for scheme in ["http://", "https://"] where target.hasPrefix(scheme) {
          let rest = target.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
          target = rest.hasPrefix("/") ? String(rest) : "/" + rest
        }
      }
      try self.init(
        method: head.method.rawValue, target: target,
        headers: WireHeaders(head.headers.map { (name: $0.name, value: $0.value) }),
        body: Array(body.readableBytesView), id: id, address: address,
        certificateNames: certificateNames, isEncrypted: isEncrypted)
    }
  }

  /// A response as HTTP says it.
  enum ResponseParts {
    static func parts(
      _ response: WireResponse, to request: HTTPRequestHead, isLast: Bool, requestID: String
    ) -> (HTTPResponseHead, [UInt8]?) {
      let hasBody = response.status >= 200 && response.status != 204 && response.status != 304
      var headers = HTTPHeaders()
      headers.reserveCapacity(response.headers.fields.count + 4)
      for (name, value) in response.headers.fields { headers.add(name: name, value: value) }
      headers.add(name: "X-Request-Id", value: requestID)
      if let opaque = request.headers.first(name: "x-opaque-id"), RequestID.isUsable(opaque) {
        headers.add(name: "X-Opaque-Id", value: opaque)
      }
      if hasBody { headers.add(name: "Content-Length", value: String(response.body.count)) }
      if isLast {
        headers.add(name: "Connection", value: "close")
      } else if request.version == .http1_0 {
        headers.add(name: "Connection", value: "keep-alive")
      }
      let head = HTTPResponseHead(
        version: .http1_1, status: .init(statusCode: response.status), headers: headers)
      let sendsBody = hasBody && request.method != .HEAD && !response.body.isEmpty
      return (head, sendsBody ? response.body : nil)
    }
  }
#endif

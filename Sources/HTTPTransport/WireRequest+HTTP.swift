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
#endif

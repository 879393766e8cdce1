#if CLI && SQLite && Server
  import GateServer
  import HTTPTransport
  import Logging

  /// The server's log: a line of text or of JSON for each thing that happens, on standard error.
  enum ServerLog {
    static func logger(level: Logger.Level, isJSON: Bool) -> Logger {
      var logger = Logger(label: "modelgate") { label in
        if isJSON { return JSONLogHandler() as any LogHandler }
        return StreamLogHandler.standardError(label: label)
      }
      logger.logLevel = level
      return logger
    }
  }

  /// Tells the log and the metrics of every answer.
  struct Observer: TransportObserver {
    let logger: Logger
    let metrics: ServerMetrics

    func began(_ request: WireRequest) { metrics.begin() }

    func answered(_ exchange: Exchange) {
      metrics.end(
        exchange.request.method, route: exchange.note.route, status: exchange.status,
        seconds: exchange.seconds)
      let level: Logger.Level = exchange.status >= 500 ? .error : .info
      guard logger.logLevel <= level else { return }
      var metadata: Logger.Metadata = [
        "method": "\(exchange.request.method)", "path": "\(exchange.request.path.prefix(500))",
        "status": "\(exchange.status)", "bytes": "\(exchange.bytes)",
        "milliseconds": "\((exchange.seconds * 100_000).rounded() / 100)",
        "request_id": "\(exchange.request.id)",
      ]
      if let caller = exchange.note.caller { metadata["user"] = "\(caller)" }
      if let address = exchange.request.address { metadata["address"] = "\(address)" }
      if let opaque = exchange.request.headers["X-Opaque-Id"] {
        metadata["opaque_id"] = "\(opaque.prefix(TransportLimits.requestIDBytes))"
      }
      logger.log(level: level, "answered", metadata: metadata)
    }

    func refused(_ refusal: String, status: Int, address: String?) {
      metrics.begin()
      metrics.end(unreadableWithStatus: status, seconds: 0)
      logger.notice(
        "refused",
        metadata: [
          "reason": "\(refusal)", "status": "\(status)", "address": "\(address ?? "unknown")",
        ])
    }
  }
#endif

#if CLI && SQLite && Server
  import HTTPTransport

  extension ServeRun {
    /// Where to listen and how much to take, as it was set.
    func transportSettings() throws(SettingFault) -> TransportSettings {
      var transport = TransportSettings()
      (transport.host, transport.port) = try Self.address(settings["listen"] ?? "127.0.0.1:9200")
      transport.tls = try tls()
      guard
        transport.tls != nil || transport.isLoopback || (try settings.toggle("allow_plain_http"))
      else {
        throw SettingFault(
          "listen", "\(transport.host) can be reached by others, and nothing would be encrypted",
          help:
            "give --tls-certificate and --tls-key, or --allow-plain-http if something in front encrypts"
        )
      }
      try take("limits.body_bytes", \.bodyBytes, &transport)
      try take("limits.header_bytes", \.headerBytes, &transport)
      try take("limits.header_fields", \.headerFields, &transport)
      try take("limits.connections", \.connections, &transport)
      try take("limits.requests", \.requestsInProgress, &transport)
      try take("limits.idle_seconds", \.idleSeconds, &transport)
      try take("limits.body_seconds", \.bodySeconds, &transport)
      try take("limits.answer_seconds", \.answerSeconds, &transport)
      try take("limits.reading_seconds", \.readingSeconds, &transport)
      return transport
    }

    private func take(
      _ key: String, _ path: WritableKeyPath<TransportSettings, Int>,
      _ transport: inout TransportSettings
    ) throws(SettingFault) {
      if let value = try settings.whole(key) { transport[keyPath: path] = value }
    }

    private func tls() throws(SettingFault) -> TLSSettings? {
      let demands = try settings.toggle("tls.demand_client_certificate")
      switch (settings["tls.certificate"], settings["tls.key"]) {
      case (nil, nil): return nil
      case (let certificate?, let key?):
        return TLSSettings(
          certificateFile: certificate, keyFile: key,
          clientAuthoritiesFile: settings["tls.client_authorities"],
          demandsClientCertificate: demands)
      case (nil, _): throw SettingFault("tls.certificate", "there is a TLS key and no certificate")
      case (_, nil): throw SettingFault("tls.key", "there is a TLS certificate and no key")
      }
    }

    /// Host and port of `HOST:PORT`; IPv6 addresses stand in brackets.
    static func address(_ text: String) throws(SettingFault) -> (String, Int) {
      guard let colon = text.lastIndex(of: ":"),
        let port = UInt16(text[text.index(after: colon)...])
      else {
        throw SettingFault("listen", "`\(text)` is not HOST:PORT", help: "such as 127.0.0.1:9200")
      }
      var host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
      guard !host.isEmpty else {
        throw SettingFault("listen", "`\(text)` names no host", help: "such as 127.0.0.1:\(port)")
      }
      return (String(host), Int(port))
    }
  }
#endif

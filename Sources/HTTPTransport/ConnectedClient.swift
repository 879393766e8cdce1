#if Server
  import NIOCore
  import NIOSSL

  /// What a connection says of its client. It is found out once, because a connection has one.
  struct ConnectedClient {
    private var knownAddress: String?
    private var knownNames: [String]?

    /// Where the client is; nil if that is no address of the internet.
    mutating func address(_ context: ChannelHandlerContext) -> String? {
      if knownAddress == nil { knownAddress = context.channel.remoteAddress?.ipAddress }
      return knownAddress
    }

    /// The names in the client's certificate, if clients are asked for one.
    mutating func names(
      _ context: ChannelHandlerContext, _ settings: TransportSettings
    ) -> [String] {
      guard settings.tls?.clientAuthoritiesFile != nil else { return [] }
      if let knownNames { return knownNames }
      let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
      let names = certificate.map { ClientNames.names(of: $0) } ?? []
      knownNames = names
      return names
    }
  }
#endif

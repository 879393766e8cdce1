#if Server
  import NIOSSL

  /// How connections are encrypted.
  public struct TLSSettings: Sendable {
    /// A file with the certificate and what vouches for it, in PEM.
    public var certificateFile: String
    /// A file with the private key, in PEM.
    public var keyFile: String
    /// A file with the certificates whose holders may issue client certificates, in PEM; nil if
    /// clients show none.
    public var clientAuthoritiesFile: String?
    /// Whether a client without a certificate is turned away.
    public var demandsClientCertificate: Bool

    /// Settings from their parts.
    public init(
      certificateFile: String, keyFile: String, clientAuthoritiesFile: String? = nil,
      demandsClientCertificate: Bool = false
    ) {
      (self.certificateFile, self.keyFile) = (certificateFile, keyFile)
      self.clientAuthoritiesFile = clientAuthoritiesFile
      self.demandsClientCertificate = demandsClientCertificate
    }

    /// NIOSSL's own default takes TLS 1.0, which nobody should.
    private func configuration() throws -> TLSConfiguration {
      let chain = try NIOSSLCertificate.fromPEMFile(certificateFile).map {
        NIOSSLCertificateSource.certificate($0)
      }
      let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain, privateKey: .privateKey(key))
      configuration.minimumTLSVersion = .tlsv12
      configuration.applicationProtocols = ["http/1.1"]
      if let clientAuthoritiesFile {
        configuration.trustRoots = .certificates(
          try NIOSSLCertificate.fromPEMFile(clientAuthoritiesFile))
        configuration.certificateVerification =
          demandsClientCertificate ? .noHostnameVerification : .optionalVerification
      }
      return configuration
    }

    /// Certificate, key and trust roots as they stand in the files.
    func context() throws -> NIOSSLContext { try NIOSSLContext(configuration: configuration()) }
  }
#endif

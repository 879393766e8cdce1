#if Server
  import Crypto
  import Foundation
  import GateServer
  import HTTPTransport
  import Logging
  import NIOCore
  import NIOPosix
  import NIOSSL
  import SwiftASN1
  import Testing
  import X509

  /// An authority of a test's own, and what it vouches for.
  struct Authority {
    let key = P256.Signing.PrivateKey()
    let certificate: Certificate

    init(_ name: String) throws {
      let subject = try DistinguishedName { CommonName(name) }
      certificate = try Certificate(
        version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
        notValidBefore: .now - 3_600, notValidAfter: .now + 3_600, issuer: subject,
        subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
          KeyUsage(keyCertSign: true)
        }, issuerPrivateKey: .init(key))
    }

    /// A certificate with these names, and its key.
    func vouch(for names: [GeneralName]) throws -> (Certificate, P256.Signing.PrivateKey) {
      let own = P256.Signing.PrivateKey()
      let certificate = try Certificate(
        version: .v3, serialNumber: .init(), publicKey: .init(own.publicKey),
        notValidBefore: .now - 3_600, notValidAfter: .now + 3_600, issuer: certificate.subject,
        subject: try DistinguishedName { CommonName("admin") },
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions { SubjectAlternativeNames(names) },
        issuerPrivateKey: .init(key))
      return (certificate, own)
    }
  }

  /// Connections that nobody can listen to.
  @Suite(.timeLimit(.minutes(20))) struct TLSTests {
    struct Files {
      let folder: String
      let authority: Authority
      let stranger: Authority

      init() throws {
        folder = NSTemporaryDirectory() + "modelgate-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        authority = try Authority("site")
        stranger = try Authority("stranger")
        try write("authority.pem", try authority.certificate.serializeAsPEM().pemString)
        let (certificate, key) = try authority.vouch(for: [.dnsName("localhost")])
        try write("server.pem", try certificate.serializeAsPEM().pemString)
        try write("server.key", key.pemRepresentation)
      }

      func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }

      func settings(clients: Bool) -> TransportSettings {
        var settings = TransportSettings()
        settings.tls = TLSSettings(
          certificateFile: "\(folder)/server.pem", keyFile: "\(folder)/server.key",
          clientAuthoritiesFile: clients ? "\(folder)/authority.pem" : nil,
          demandsClientCertificate: clients)
        return settings
      }

      func client() throws -> TLSConfiguration {
        var client = TLSConfiguration.makeClientConfiguration()
        client.trustRoots = .file("\(folder)/authority.pem")
        return client
      }
    }

    static let names: HTTPTransport.Answering = { request in
      .text(200, "\(request.certificateNames) \(request.isEncrypted)")
    }

    /// What comes back to one request; an error if nothing does.
    static func ask(_ port: Int, _ client: TLSConfiguration) async throws -> String {
      let context = try NIOSSLContext(configuration: client)
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: context, serverHostname: "localhost"))
            return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
              wrappingChannelSynchronously: channel)
          }
        }
      return try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: TransportTests.last))
        var text = ""
        for try await part in inbound {
          text += String(buffer: part)
          if text.contains("true") { return text }
        }
        throw ChannelError.eof
      }
    }

    @Test func encryptsAndRefusesWhatIsOld() async throws {
      let files = try Files()
      var old = try files.client()
      old.minimumTLSVersion = .tlsv1
      old.maximumTLSVersion = .tlsv11
      var elsewhere = try files.client()
      elsewhere.trustRoots = .certificates([
        try NIOSSLCertificate(bytes: files.stranger.certificate.derBytes, format: .der)
      ])
      let (current, oldOne, other) = (try files.client(), old, elsewhere)
      try await Serving.run(files.settings(clients: false), answering: Self.names) { port in
        let answer = try await Self.ask(port, current)
        #expect(answer.contains("[] true"))
        await #expect(throws: (any Error).self) { try await Self.ask(port, oldOne) }
        await #expect(throws: (any Error).self) { try await Self.ask(port, other) }
        // Plain text gets no answer of HTTP.
        let plain = try? await RawConnection.exchange(port, [TransportTests.last], seconds: 3)
        #expect(plain?.statuses ?? [] == [])
      }
    }

    @Test func knowsClientsByTheirNames() async throws {
      let files = try Files()
      func client(_ authority: Authority?) throws -> TLSConfiguration {
        var client = try files.client()
        guard let authority else { return client }
        let (certificate, key) = try authority.vouch(for: [
          .uniformResourceIdentifier("spiffe://site/alice"), .rfc822Name("alice@site"),
        ])
        client.certificateChain = [
          .certificate(try NIOSSLCertificate(bytes: certificate.derBytes, format: .der))
        ]
        client.privateKey = .privateKey(
          try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem))
        return client
      }
      let (known, unknown, none) = (
        try client(files.authority), try client(files.stranger), try client(nil)
      )
      try await Serving.run(files.settings(clients: true), answering: Self.names) { port in
        let answer = try await Self.ask(port, known)
        #expect(answer.contains(#"["URI:spiffe://site/alice", "email:alice@site"] true"#))
        await #expect(throws: (any Error).self) { try await Self.ask(port, unknown) }
        await #expect(throws: (any Error).self) { try await Self.ask(port, none) }
      }
    }

    /// New connections get a new certificate; what can't be used leaves the old one in force.
    @Test func certificatesCanBeRenewed() async throws {
      let files = try Files()
      let settings = files.settings(clients: false)
      let certificate = try LiveCertificate(try #require(settings.tls))
      let before = try files.client()
      var after = before
      after.trustRoots = .certificates([
        try NIOSSLCertificate(bytes: files.stranger.certificate.derBytes, format: .der)
      ])
      let (old, new) = (before, after)
      try await Serving.run(settings, certificate: certificate, answering: Self.names) { port in
        #expect(try await Self.ask(port, old).contains("true"))
        await #expect(throws: (any Error).self) { try await Self.ask(port, new) }
        let (renewed, key) = try files.stranger.vouch(for: [.dnsName("localhost")])
        // The certificate is there, and its key is not yet.
        try files.write("server.pem", try renewed.serializeAsPEM().pemString)
        #expect(throws: (any Error).self) { try certificate.reload() }
        #expect(try await Self.ask(port, old).contains("true"))
        try files.write("server.key", "no key")
        #expect(throws: (any Error).self) { try certificate.reload() }
        #expect(try await Self.ask(port, old).contains("true"))
        try files.write("server.key", key.pemRepresentation)
        try certificate.reload()
        #expect(try await Self.ask(port, new).contains("true"))
        await #expect(throws: (any Error).self) { try await Self.ask(port, old) }
      }
    }

    @Test func saysWhichFileCantBeUsed() throws {
      let files = try Files()
      var settings = files.settings(clients: false)
      settings.tls?.keyFile = "\(files.folder)/none.key"
      #expect(throws: (any Error).self) {
        _ = try HTTPTransport(settings, logger: .init(label: "test"), answering: Self.names)
      }
    }
  }

  extension Certificate {
    fileprivate var derBytes: [UInt8] {
      get throws {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
      }
    }
  }
#endif

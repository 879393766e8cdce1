#if Server
  import NIOSSL
  import SwiftASN1
  import X509

  /// The names by which a client's certificate, which was verified, says who the client is.
  enum ClientNames {
    /// Subject alternative names as `DNS:…`, `URI:…`, `email:…`; the common name says nothing.
    static func names(of certificate: NIOSSLCertificate) -> [String] {
      guard let parsed = try? Certificate(derEncoded: certificate.toDERBytes()),
        let names = try? parsed.extensions.subjectAlternativeNames
      else { return [] }
      return names.compactMap { name in
        switch name {
        case .dnsName(let text): "DNS:\(text)"
        case .uniformResourceIdentifier(let text): "URI:\(text)"
        case .rfc822Name(let text): "email:\(text)"
        default: nil
        }
      }
    }
  }
#endif

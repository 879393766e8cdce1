import CEL
import PolicyEngine

/// The URL by which policy enforcement points know this service. The metadata document is made of
/// it, and never of what a request says.
public struct PDPIdentifier: Hashable, Sendable {
  /// The URL, such as `https://pdp.example.com`.
  public let url: String
  /// Where the metadata document is: the well-known path stands before the URL's own.
  let metadataPath: String

  static let wellKnown = "/.well-known/authzen-configuration"

  /// An identifier.
  ///
  /// - Throws: `WireFault` if it is not an https URL of a host and, if need be, a port and a path,
  ///   without anything behind the path.
  public init(_ url: String) throws(WireFault) {
    func fault(_ reason: String) -> WireFault {
      WireFault(400, "the public URL `\(url.prefix(200))` \(reason)")
    }
    guard url.hasPrefix("https://") else { throw fault("must begin with `https://`") }
    let rest = url.dropFirst("https://".count)
    let host = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(host.count)
    guard !host.isEmpty, !host.hasPrefix(":"), host.utf8.allSatisfy(Self.isHostByte) else {
      throw fault("has no host, or one that is not a name or an address with or without a port")
    }
    guard !url.contains("?"), !url.contains("#") else {
      throw fault("must not have a query or a fragment")
    }
    guard !path.hasSuffix("/") else { throw fault("must not end in `/`") }
    guard path.utf8.allSatisfy(Self.isPathByte), !path.contains("//") else {
      throw fault("may have letters, digits, `-`, `.`, `_`, `~` and single `/` in its path")
    }
    self.url = url
    metadataPath = Self.wellKnown + path
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    isPathByte(byte) && byte != UInt8(ascii: "/") || byte == UInt8(ascii: ":")
      || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
  }

  private static func isPathByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~/".utf8.contains(byte)
    }
  }
}

extension AuthZEN {
  /// What there is, for policy enforcement points that look for it.
  var metadata: WireResponse {
    guard let identifier else {
      return Self.refuse(
        404, "this service has no public URL, so it has no metadata; configure its https URL")
    }
    return .json { writer in
      let base = identifier.url
      writer.beginObject()
      writer.member("policy_decision_point", base)
      writer.member("access_evaluation_endpoint", "\(base)/access/v1/evaluation")
      writer.member("access_evaluations_endpoint", "\(base)/access/v1/evaluations")
      for kind in AccessSearches.Kind.allCases {
        writer.member(
          "search_\(kind.rawValue)_endpoint", "\(base)/access/v1/search/\(kind.rawValue)")
      }
      writer.endObject()
    }
  }
}

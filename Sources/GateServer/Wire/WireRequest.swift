/// A request as it came over the wire, read completely.
///
/// A copy is as cheap as two references: what came is the same for all.
public struct WireRequest: Sendable {
  private final class Content: Sendable {
    let method, target: String
    let segments: [String]
    let query: Query
    let headers: WireHeaders
    let body: [UInt8]
    let id: String
    let address: String?
    let certificateNames: [String]
    let isEncrypted: Bool

    init(
      method: String, target: String, headers: WireHeaders, body: [UInt8], id: String,
      address: String?, certificateNames: [String], isEncrypted: Bool
    ) throws(WireFault) {
      guard target.utf8.first == UInt8(ascii: "/") else {
        throw WireFault(
          400, "the request's target `\(target.prefix(100))` does not begin with `/`")
      }
      let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
      var segments: [String] = []
      segments.reserveCapacity(4)
      // Not `split`: that makes an array of them first.
      var rest = target[..<end].utf8
      while let start = rest.firstIndex(where: { $0 != UInt8(ascii: "/") }) {
        rest = rest[start...]
        let segment = rest.prefix { $0 != UInt8(ascii: "/") }
        segments.append(try PercentCoding.decode(Substring(segment), plusIsBlank: false))
        rest = rest[segment.endIndex...]
      }
      (self.method, self.target, self.segments) = (method, target, segments)
      query = try Query(end == target.endIndex ? "" : target[target.utf8.index(after: end)...])
      (self.headers, self.body, self.id, self.address) = (headers, body, id, address)
      (self.certificateNames, self.isEncrypted) = (certificateNames, isEncrypted)
    }
  }

  private let content: Content
  /// Who is calling.
  public var authentication: Authentication

  /// A request from what came over the wire.
  ///
  /// - Throws: `WireFault` if the target is not one: it must begin with `/`, and its escapes must
  ///   be whole and give UTF-8.
  public init(
    method: String, target: String, headers: WireHeaders = WireHeaders(), body: [UInt8] = [],
    id: String = "", address: String? = nil, certificateNames: [String] = [],
    isEncrypted: Bool = false, authentication: Authentication = .missing
  ) throws(WireFault) {
    content = try Content(
      method: method, target: target, headers: headers, body: body, id: id, address: address,
      certificateNames: certificateNames, isEncrypted: isEncrypted)
    self.authentication = authentication
  }

  /// `GET`, `PUT`, …
  public var method: String { content.method }
  /// Path and query as they came: `/_ml/trained_models/a%2Fb?size=2`.
  public var target: String { content.target }
  /// The path's segments, each decoded by itself, so that `%2F` does not separate.
  public var segments: [String] { content.segments }
  /// The parameters behind the question mark.
  public var query: Query { content.query }
  /// The header fields.
  public var headers: WireHeaders { content.headers }
  /// The body, uncompressed; empty for none.
  public var body: [UInt8] { content.body }
  /// Names the request in logs and answers.
  public var id: String { content.id }
  /// The caller's address, if there is a network.
  public var address: String? { content.address }
  /// Names from the certificate that the caller presented (its subject alternative names, as
  /// `DNS:…`, `URI:…`, `email:…`), if the connection has one that was verified.
  public var certificateNames: [String] { content.certificateNames }
  /// Whether nobody can listen on the way.
  public var isEncrypted: Bool { content.isEncrypted }

  /// The path as it came, without the query.
  public var path: String {
    String(target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)])
  }
}

/// What is wrong with a request before any dialect has looked at it.
public struct WireFault: Error, Hashable, Sendable {
  /// HTTP status.
  public let status: Int
  /// For people.
  public let message: String

  /// A fault.
  public init(_ status: Int, _ message: String) { (self.status, self.message) = (status, message) }
}

/// The parameters of a query, in their order.
public struct Query: Hashable, Sendable {
  /// Name and value; a parameter without `=` has an empty value.
  public let parameters: [(name: String, value: String)]

  init(_ text: Substring) throws(WireFault) {
    guard !text.isEmpty else {
      parameters = []
      return
    }
    var parameters: [(name: String, value: String)] = []
    for part in text.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      parameters.append(
        (
          try PercentCoding.decode(sides[0], plusIsBlank: true),
          sides.count > 1 ? try PercentCoding.decode(sides[1], plusIsBlank: true) : ""
        ))
    }
    self.parameters = parameters
  }

  /// The value of a parameter; the last one if there are several.
  public subscript(name: String) -> String? { parameters.last { $0.name == name }?.value }

  /// Equal by names and values in their order.
  public static func == (left: Query, right: Query) -> Bool {
    left.parameters.elementsEqual(right.parameters) { $0 == $1 }
  }

  /// Hashes names and values.
  public func hash(into hasher: inout Hasher) {
    for (name, value) in parameters {
      hasher.combine(name)
      hasher.combine(value)
    }
  }
}

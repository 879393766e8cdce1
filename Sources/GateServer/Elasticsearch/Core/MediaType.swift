/// JSON, plain or as Elasticsearch's clients ask for it.
enum MediaType: Equatable {
  case json
  /// JSON of a major version.
  case vendored(Int)

  /// Versions that are spoken: the paths served here are alike in both.
  static let versions = [8, 9]

  /// As it stands in a header.
  var text: String {
    switch self {
    case .json: "application/json"
    case .vendored(let version):
      "application/vnd.elasticsearch+json;compatible-with=\(version)"
    }
  }

  private enum Reading {
    case known(MediaType)
    case wrongVersion
    case other
  }

  /// Reads one media type with its parameters.
  private static func read(_ text: Substring) -> Reading {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map {
      $0.filter { $0 != " " && $0 != "\t" }.lowercased()
    }
    switch parts.first {
    case "application/json": return .known(.json)
    case "application/vnd.elasticsearch+json":
      let prefix = "compatible-with="
      guard let given = parts.dropFirst().first(where: { $0.hasPrefix(prefix) }) else {
        return .wrongVersion
      }
      guard let version = Int(given.dropFirst(prefix.count)), versions.contains(version) else {
        return .wrongVersion
      }
      return .known(.vendored(version))
    default: return .other
    }
  }

  private static func accepted(_ headers: WireHeaders) -> [Reading] {
    (headers["Accept"] ?? "").split(separator: ",").map(read)
  }

  /// Refuses versions that are not spoken.
  static func check(_ headers: WireHeaders) throws(ErrorBody) {
    var faults: [String] = []
    for case .wrongVersion in accepted(headers) where faults.isEmpty { faults.append("Accept") }
    if let content = headers["Content-Type"], case .wrongVersion = read(content[...]) {
      faults.append("Content-Type")
    }
    guard !faults.isEmpty else { return }
    throw ErrorBody(
      400, "media_type_header_exception",
      "Invalid media-type value on headers [\(faults.joined(separator: ", "))]")
  }

  /// What the caller gets: the first that it accepts and that is spoken, else as it sent, else
  /// plain JSON.
  static func answered(_ request: WireRequest) -> MediaType {
    for case .known(let type) in accepted(request.headers) { return type }
    if request.headers["Accept"] == nil, let content = request.headers["Content-Type"],
      case .known(let type) = read(content[...])
    {
      return type
    }
    return .json
  }

  /// The answer to a body that is not said to be JSON.
  static func unsupportedContent(of request: WireRequest) -> WireResponse? {
    guard !request.body.isEmpty else { return nil }
    let types = request.headers.all("Content-Type")
    if types.count == 1, case .known = read(types[0][...]) { return nil }
    return .bareError(
      406,
      types.isEmpty
        ? "Content-Type header is missing"
        : "Content-Type header [\(types.joined(separator: ","))] is not supported")
  }
}

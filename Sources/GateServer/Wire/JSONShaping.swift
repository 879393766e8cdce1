import CEL

/// How a caller wants JSON to look: Elasticsearch and OpenSearch have the same parameters for it.
///
/// - `pretty`: one member or element on a line, ` : ` between name and value, `{ }` and `[ ]` for
///   what is empty, and a line break at the end.
/// - `filter_path`: paths that are wanted, and those that are not, which have a `-` before them.
///   What is not wanted goes first. A container that a path goes through, and of which nothing is
///   left, goes too. Errors are not filtered.
package struct JSONShaping: Sendable {
  private var isPretty = false
  private var wanted: PathFilter?
  private var unwanted: PathFilter?

  /// The parameters that it reads.
  package static let parameters: Set<String> = ["pretty", "filter_path"]

  /// JSON as it is.
  package init() {}

  /// Reads the parameters of a query.
  ///
  /// - Throws: `ErrorBody` if `pretty` is neither `true` nor `false`, or a path is too long.
  package init(_ query: Query) throws(ErrorBody) {
    isPretty = try query.flag("pretty")
    let paths = (query["filter_path"] ?? "").split(separator: ",").map(Self.trimmed)
    let (wanted, unwanted) = (
      paths.filter { !$0.isEmpty && !$0.hasPrefix("-") },
      paths.filter { $0.hasPrefix("-") && $0.count > 1 }.map { $0.dropFirst() }
    )
    if !wanted.isEmpty { self.wanted = try PathFilter(wanted) }
    if !unwanted.isEmpty { self.unwanted = try PathFilter(unwanted) }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return text
  }

  /// The response as the caller wants it.
  package func shape(_ response: WireResponse) -> WireResponse {
    guard response.headers["Content-Type"]?.contains("json") ?? false else { return response }
    var response = response
    response.body = shape(response.body, isFiltered: response.status < 400)
    return response
  }

  /// The JSON as the caller wants it; as it is, if it is none.
  package func shape(_ json: [UInt8], isFiltered: Bool = true) -> [UInt8] {
    let filters = isFiltered ? (wanted, unwanted) : (nil, nil)
    guard isPretty || filters.0 != nil || filters.1 != nil else { return json }
    var tape = JSONTape()
    do throws(JSONError) {
      try tape.read(json, limits: ServerLimits.answers)
    } catch {
      return json
    }
    var sieve = JSONSieve(tape)
    if let filter = filters.1 { sieve.remove(filter) }
    if let filter = filters.0 { sieve.keep(filter) }
    var printer = JSONPrinter(tape, isKept: sieve.isKept, isPretty: isPretty)
    return printer.print()
  }
}

extension Query {
  /// A parameter that is `true` or `false`; without a value it is true, and absent it is `absent`.
  ///
  /// - Throws: `ErrorBody` for anything else.
  package func flag(_ name: String, absent: Bool = false) throws(ErrorBody) -> Bool {
    switch self[name] {
    case nil: absent
    case "", "true": true
    case "false": false
    case let value?:
      throw .illegalArgument(
        "Failed to parse value [\(value)] as only [true] or [false] are allowed.")
    }
  }
}

/// What is left of a JSON value.
private struct JSONSieve {
  private let tape: JSONTape
  /// By node: whether an element, or the member whose name it is, is left.
  private(set) var isKept: [Bool]

  init(_ tape: JSONTape) {
    self.tape = tape
    isKept = Array(repeating: true, count: tape.nodes.count)
  }

  /// Removes what the filter names.
  mutating func remove(_ filter: PathFilter) {
    _ = sift(tape.root, filter, PathFilter.start, keepsMatches: false)
  }

  /// Keeps what the filter names and nothing else.
  mutating func keep(_ filter: PathFilter) {
    _ = sift(tape.root, filter, PathFilter.start, keepsMatches: true)
  }

  /// Whether something of a value that paths go through is left.
  private mutating func sift(
    _ value: Int, _ filter: PathFilter, _ places: PathFilter.Places, keepsMatches: Bool
  ) -> Bool {
    let kind = tape.kind(of: value)
    guard kind.isContainer else { return !keepsMatches }
    var isLeft = false
    for child in tape.children(of: value) where isKept[child] {
      if kind == .array {
        isKept[child] = sift(child, filter, places, keepsMatches: keepsMatches)
      } else {
        isKept[child] =
          switch filter.step(tape.string(of: child), from: places) {
          case .end: keepsMatches
          case .none: !keepsMatches
          case .on(let next): sift(child + 1, filter, next, keepsMatches: keepsMatches)
          }
      }
      if isKept[child] { isLeft = true }
    }
    return isLeft
  }
}

/// Writes what is left of a JSON value.
private struct JSONPrinter {
  private let tape: JSONTape
  private let isKept: [Bool]
  private let isPretty: Bool
  private var bytes: [UInt8] = []

  init(_ tape: JSONTape, isKept: [Bool], isPretty: Bool) {
    (self.tape, self.isKept, self.isPretty) = (tape, isKept, isPretty)
  }

  mutating func print() -> [UInt8] {
    write(tape.root, level: 0)
    if isPretty { bytes.append(UInt8(ascii: "\n")) }
    return bytes
  }

  private mutating func write(_ value: Int, level: Int) {
    let kind = tape.kind(of: value)
    guard kind.isContainer else { return copy(value) }
    let isObject = kind == .object
    bytes.append(UInt8(ascii: isObject ? "{" : "["))
    var isEmpty = true
    for child in tape.children(of: value) where isKept[child] {
      if !isEmpty { bytes.append(UInt8(ascii: ",")) }
      isEmpty = false
      breakLine(level + 1)
      if isObject {
        copy(child)
        bytes.append(contentsOf: (isPretty ? " : " : ":").utf8)
      }
      write(isObject ? child + 1 : child, level: level + 1)
    }
    if !isEmpty {
      breakLine(level)
    } else if isPretty {
      bytes.append(UInt8(ascii: " "))
    }
    bytes.append(UInt8(ascii: isObject ? "}" : "]"))
  }

  private mutating func copy(_ value: Int) {
    bytes.append(contentsOf: tape.source[tape.sourceRange(of: value)])
  }

  private mutating func breakLine(_ level: Int) {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }
}

import PolicyEngine

/// Paths of a JSON value, as `filter_path` names them.
///
/// A path's segments are separated by dots (`\.` is a dot in a name); `*` in a segment stands for
/// any run of characters, and the segment `**` for one or more names. Arrays have no segment of
/// their own: a path goes on in each of their elements. The paths are kept as a tree, so that what
/// begins alike is looked at once.
struct PathFilter: Sendable {
  private struct Node: Sendable {
    var isEnd = false
    var isDeep = false
    var names: [String: Int] = [:]
    var patterns: [(pattern: ActionPattern, node: Int)] = []
  }

  private var nodes = [Node()]

  /// Places in the tree, each once.
  typealias Places = [Int]

  /// What a name leads to.
  enum Step {
    /// A path ends here: the name and everything in it is meant.
    case end
    /// Paths go on.
    case on(Places)
    /// No path has this name.
    case none
  }

  /// Where every path begins.
  static let start: Places = [0]

  /// A filter by these paths.
  ///
  /// - Throws: `ErrorBody` if they have more than `ServerLimits.filterPathSegments` segments.
  init(_ paths: [Substring]) throws(ErrorBody) {
    for path in paths { try add(path) }
  }

  private mutating func add(_ path: Substring) throws(ErrorBody) {
    var place = 0
    let segments = Self.segments(of: path)
    for (index, segment) in segments.enumerated() {
      // A shorter path means everything in it already.
      if nodes[place].isEnd { return }
      place = try child(segment, of: place)
      if index == segments.count - 1 { nodes[place].isEnd = true }
    }
  }

  private mutating func child(_ segment: String, of place: Int) throws(ErrorBody) -> Int {
    if let known = nodes[place].names[segment] { return known }
    let wildcard = segment.utf8.contains(UInt8(ascii: "*"))
    if wildcard,
      let known = nodes[place].patterns.first(where: { $0.pattern.text == Array(segment.utf8) })
    {
      return known.node
    }
    guard nodes.count <= ServerLimits.filterPathSegments else {
      throw .illegalArgument(
        "[filter_path] has more than [\(ServerLimits.filterPathSegments)] segments")
    }
    nodes.append(Node(isDeep: segment == "**"))
    if wildcard {
      guard let pattern = ActionPattern(segment) else {
        throw .illegalArgument("[filter_path] has a segment that is too long")
      }
      nodes[place].patterns.append((pattern, nodes.count - 1))
    } else {
      nodes[place].names[segment] = nodes.count - 1
    }
    return nodes.count - 1
  }

  private static func segments(of path: Substring) -> [String] {
    var segments: [String] = []
    var segment = ""
    var isEscaped = false
    for character in path.unicodeScalars {
      if isEscaped {
        if character != "." { segment.unicodeScalars.append("\\") }
        isEscaped = false
      } else if character == "." && !segment.isEmpty {
        segments.append(segment)
        segment = ""
        continue
      } else if character == "\\" {
        isEscaped = true
        continue
      }
      segment.unicodeScalars.append(character)
    }
    return segments + [isEscaped ? segment + "\\" : segment]
  }

  /// Where a name leads from these places.
  func step(_ name: String, from places: Places) -> Step {
    var next: Places = []
    func goOn(_ place: Int) { if !next.contains(place) { next.append(place) } }
    for place in places {
      if let named = nodes[place].names[name] {
        if nodes[named].isEnd { return .end }
        goOn(named)
      }
      for (pattern, node) in nodes[place].patterns where pattern.matches(Array(name.utf8)) {
        if nodes[node].isEnd { return .end }
        goOn(node)
      }
      if nodes[place].isDeep { goOn(place) }
    }
    return next.isEmpty ? .none : .on(next)
  }
}

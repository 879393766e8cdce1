/// The declared sizes of variables and of what they hold, as a tree of paths.
struct SizeHints: Sendable {
  private var children: [String: SizeHints] = [:]
  private var range: ClosedRange<Int>?

  static let elements = "[]"
  static let keys = "{}"

  subscript(name: String) -> SizeHints? { children[name] }

  mutating func declare(_ range: ClosedRange<Int>, at path: some Collection<String>) {
    guard let first = path.first else {
      self.range = range
      return
    }
    children[first, default: SizeHints()].declare(range, at: path.dropFirst())
  }

  func node(at path: some Collection<String>) -> SizeHints? {
    guard let first = path.first else { return self }
    return children[first]?.node(at: path.dropFirst())
  }

  /// The size of what is at this place.
  var extent: Extent {
    guard range != nil || children[Self.elements] != nil else { return .unknown }
    return .known(
      length: range.map { Amount($0.lowerBound, $0.upperBound) } ?? .any,
      key: children[Self.keys]?.extent ?? .unknown,
      element: children[Self.elements]?.extent ?? .unknown)
  }

  /// `user.roles[]` in pieces; a variable whose name has dots is one piece.
  static func pieces(of path: String, variables: Dictionary<String, CELType>.Keys) -> [String] {
    var pieces: [String] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      var name = part
      var suffixes: [String] = []
      while let suffix = [elements, keys].first(where: { name.hasSuffix($0) }) {
        name = name.dropLast(2)
        suffixes.insert(suffix, at: 0)
      }
      pieces += [String(name)] + suffixes
    }
    for count in stride(from: pieces.count, to: 1, by: -1) {
      let name = pieces[..<count].joined(separator: ".")
      if variables.contains(name) { return [name] + pieces[count...] }
    }
    return pieces
  }
}

extension Environment {
  /// Declares how large something is at least and at most: octets (UTF-8) of a text or of bytes,
  /// elements of a list, entries of a map.
  ///
  /// The path starts with a variable and goes on with fields; `[]` stands for what a list or a map
  /// holds, `{}` for a map's keys: `user.roles`, `user.roles[]`, `labels{}`. Sizes are for estimates of
  /// cost (`CompiledExpression.cost`); evaluation does not check them.
  public mutating func declare(size: ClosedRange<Int>, of path: String) {
    let size = max(size.lowerBound, 0)...max(size.upperBound, 0)
    sizes.declare(size, at: SizeHints.pieces(of: path, variables: variables.keys))
  }
}

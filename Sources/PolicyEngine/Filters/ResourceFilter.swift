/// Which resources somebody may possibly act on, told by attributes that a store can look up.
///
/// A filter leaves out only resources that the policies certainly deny; what it lets through must
/// still be decided one by one. So it makes a search fast and can't open anything.
public struct ResourceFilter: Hashable, Sendable {
  /// Something about one attribute of the resource.
  public enum Atom: Hashable, Sendable {
    /// The attribute at this path is this text.
    case equals(path: [String], text: String)
    /// The list at this path has this text in it.
    case contains(path: [String], text: String)
    /// There is no such attribute.
    case absent(path: [String])

    /// Which attribute.
    public var path: [String] {
      switch self {
      case .equals(let path, _), .contains(let path, _), .absent(let path): path
      }
    }
  }

  /// Each alternative is a set of atoms that hold together; every resource that may be acted on
  /// fulfils one of them. Nil: nothing can be left out.
  public let alternatives: Set<Set<Atom>>?

  /// A filter that leaves nothing out.
  public static let everything = ResourceFilter(alternatives: nil)
  /// A filter that leaves everything out.
  public static let nothing = ResourceFilter(alternatives: [])

  package init(alternatives: Set<Set<Atom>>?) { self.alternatives = alternatives }

  init(_ atom: Atom) { alternatives = [[atom]] }

  /// What either lets through.
  func union(_ other: ResourceFilter) -> ResourceFilter {
    guard let mine = alternatives, let others = other.alternatives else { return .everything }
    let all = mine.union(others)
    return all.count <= EngineLimits.filterAlternatives
      ? ResourceFilter(alternatives: all) : .everything
  }

  /// What both let through. Where that would be too many alternatives, the narrower of the two.
  func intersection(_ other: ResourceFilter) -> ResourceFilter {
    guard let mine = alternatives else { return other }
    guard let others = other.alternatives else { return self }
    guard mine.count * others.count <= EngineLimits.filterAlternatives else {
      return mine.count <= others.count ? self : other
    }
    var both: Set<Set<Atom>> = []
    for one in mine {
      for another in others where !Self.contradict(one, another) { both.insert(one.union(another)) }
    }
    return ResourceFilter(alternatives: both)
  }

  /// One attribute can't be two texts, nor one text and missing.
  private static func contradict(_ one: Set<Atom>, _ another: Set<Atom>) -> Bool {
    one.contains { atom in
      another.contains { other in
        guard Self.isSame(atom.path, other.path) else { return false }
        return switch (atom, other) {
        case (.equals(_, let text), .equals(_, let otherText)): !Self.isSame([text], [otherText])
        case (.absent, .equals), (.equals, .absent), (.absent, .contains), (.contains, .absent):
          true
        default: false
        }
      }
    }
  }
}

/// Equality by code point, as in conditions: texts that only look alike are two.
extension ResourceFilter.Atom {
  /// The same kind, path and text.
  public static func == (one: Self, other: Self) -> Bool {
    switch (one, other) {
    case (.equals(let path, let text), .equals(let otherPath, let otherText)),
      (.contains(let path, let text), .contains(let otherPath, let otherText)):
      ResourceFilter.isSame(path + [text], otherPath + [otherText])
    case (.absent(let path), .absent(let other)): ResourceFilter.isSame(path, other)
    default: false
    }
  }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

extension ResourceFilter {
  fileprivate static func isSame(_ texts: [String], _ others: [String]) -> Bool {
    texts.elementsEqual(others) { $0.utf8.elementsEqual($1.utf8) }
  }
}

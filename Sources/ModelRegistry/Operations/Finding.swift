/// One page of what a search has found, and how much it found altogether.
public struct Found<Item: Sendable, Rank: Comparable & Sendable>: Sendable {
  /// One thing that was found.
  public struct Hit: Sendable {
    /// What was found.
    public let item: Item
    /// The commit that wrote it last.
    public let revision: StoreRevision
    /// What it was sorted by.
    public let rank: Rank
  }

  /// The page, sorted by rank; equal ranks by the bytes of their ids.
  public let hits: [Hit]
  /// How many things match that the caller can find.
  public let total: Int
  /// Whether every candidate was looked at. If not, there may be more, and better ones.
  public let isComplete: Bool
  /// Whether there ever was a model group: OpenSearch answers differently before.
  public let wasEverUsed: Bool
}

/// Where a search looks.
public enum FindScope: Hashable, Sendable {
  /// Wherever the caller may find something.
  case everything
  /// Among the things of these ids.
  case ids([String])
  /// Among the groups of these names.
  case names([String])
}

/// How a search that sorts and counts goes about it.
package enum FindRules {
  /// A candidate that matches, and where it stands.
  package struct Match<Rank: Comparable & Sendable>: Sendable {
    package let id: String
    package let rank: Rank

    package init(id: String, rank: Rank) { (self.id, self.rank) = (id, rank) }

    static func isBefore(_ one: Match, _ other: Match) -> Bool {
      if one.rank < other.rank { return true }
      if other.rank < one.rank { return false }
      return one.id.precedesByBytes(other.id)
    }
  }

  /// The matches of one page.
  package struct Matches<Rank: Comparable & Sendable>: Sendable {
    package let page: [Match<Rank>]
    package let total: Int
    package let isComplete: Bool
  }

  static func check(from: Int, size: Int) throws(RegistryError) {
    guard from >= 0, size >= 0 else {
      throw RegistryError(.invalid, "a page can't begin at \(from) and have \(size) results")
    }
    let (end, overflows) = from.addingReportingOverflow(size)
    guard !overflows, end <= RegistryLimits.searchWindow else {
      throw RegistryError(
        .tooLarge, "results past number \(RegistryLimits.searchWindow) can't be asked for",
        help: "search for less")
    }
  }

  /// Looks at candidates in the order of their ids until there are no more or enough were looked
  /// at, and keeps the best.
  ///
  /// - Parameters:
  ///   - candidates: those behind an id, in portions; the last portion is shorter than asked for.
  ///   - match: how a candidate matches; nil for one that does not, or that the caller can't find.
  package static func collect<Item, Rank>(
    from: Int, size: Int, id: (Item) -> String,
    candidates: (_ after: String?, _ limit: Int) throws -> [Item],
    match: (Item) throws -> Rank?
  ) throws -> Matches<Rank> {
    var kept: [Match<Rank>] = []
    var (total, seen, last): (Int, Int, String?) = (0, 0, nil)
    let window = from + size
    while true {
      let limit = min(512, RegistryLimits.candidatesPerSearch + 1 - seen)
      let portion = try candidates(last, limit)
      for candidate in portion {
        seen += 1
        guard seen <= RegistryLimits.candidatesPerSearch else { break }
        last = id(candidate)
        guard let rank = try match(candidate) else { continue }
        total += 1
        guard window > 0 else { continue }
        kept.append(Match(id: id(candidate), rank: rank))
        // Sorted now and then, so that it costs little and no more than twice the window is kept.
        if kept.count >= 2 * window + 512 { trim(&kept, to: window) }
      }
      if seen > RegistryLimits.candidatesPerSearch || portion.count < limit { break }
    }
    trim(&kept, to: window)
    return Matches(
      page: Array(kept.dropFirst(from)), total: total,
      isComplete: seen <= RegistryLimits.candidatesPerSearch)
  }

  private static func trim<Rank>(_ kept: inout [Match<Rank>], to window: Int) {
    kept.sort(by: Match.isBefore)
    kept.removeLast(max(0, kept.count - window))
  }

  /// The things of some ids, as candidates.
  static func named<Item>(
    _ ids: [String], after: String?, limit: Int, _ find: (String) throws -> Item?
  ) throws -> [Item] {
    var items: [Item] = []
    let rest = Set(ids.map(ExactText.init)).sorted()
      .drop { text in after.map { !$0.precedesByBytes(text.text) } ?? false }
    for id in rest where items.count < limit {
      if let item = try find(id.text) { items.append(item) }
    }
    return items
  }

  /// Fetches what is on a page.
  static func fetch<Item, Rank>(
    _ matches: Matches<Rank>, _ surroundings: Surroundings, size: (Item) -> Int,
    _ find: (String) throws -> (Item, StoreRevision)?
  ) throws -> Found<Item, Rank> {
    var hits: [Found<Item, Rank>.Hit] = []
    var bytes = 0
    for match in matches.page {
      guard let (item, revision) = try find(match.id) else { continue }
      bytes += size(item)
      guard bytes <= RegistryLimits.foundBytes else {
        throw RegistryError(
          .tooLarge, "the results come to more than \(RegistryLimits.foundBytes) bytes",
          help: "ask for fewer at a time")
      }
      hits.append(.init(item: item, revision: revision, rank: match.rank))
    }
    return Found(
      hits: hits, total: matches.total, isComplete: matches.isComplete,
      wasEverUsed: surroundings.groupsWereUsed ?? true)
  }
}

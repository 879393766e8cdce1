/// How pages are made.
enum PageRules {
  static func check(_ limit: Int) throws(RegistryError) {
    guard (0...RegistryLimits.pageSize).contains(limit) else {
      throw RegistryError(
        limit < 0 ? .invalid : .tooLarge, "a page can't have \(limit) results",
        help: "ask for 0 to \(RegistryLimits.pageSize)")
    }
  }

  /// Looks at candidates, in portions, until a page is full, there are no more, or enough was
  /// looked at.
  static func collect<Item>(
    after: String?, limit: Int, name: (Item) -> String,
    candidates: (_ after: String?, _ limit: Int) throws -> [Item],
    isVisible: (Item) throws -> Bool
  ) throws -> Page<Item> {
    var (items, last, seen): ([Item], String?, Int) = ([], after, 0)
    guard limit > 0 else { return Page(items: [], next: nil) }
    while seen < RegistryLimits.candidatesPerPage {
      let size = min(max(64, limit + 1), RegistryLimits.candidatesPerPage - seen)
      let portion = try candidates(last, size)
      for candidate in portion {
        if try isVisible(candidate) {
          // One more than fits: so the page knows that it is not the last.
          if items.count == limit { return Page(items: items, next: last) }
          items.append(candidate)
        }
        last = name(candidate)
        seen += 1
      }
      if portion.count < size { return Page(items: items, next: nil) }
    }
    return Page(items: items, next: last)
  }
}

/// What every name has to be, whatever policies say.
enum NameRules {
  static func check(_ what: String, _ name: String) throws(RegistryError) {
    guard !name.isEmpty else { throw RegistryError(.invalid, "the \(what) is empty") }
  }
}

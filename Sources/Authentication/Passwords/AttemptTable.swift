#if Server
  /// Failed attempts by some key, and how long to wait after them: nothing for the first few, then
  /// twice as long after each.
  ///
  /// The table is bounded. A key that is pushed out begins anew, which slows an attacker less; it
  /// never keeps anybody out.
  struct AttemptTable {
    private struct Entry {
      var failures: Int
      var last: Int64
    }

    private let free: Int
    private let longest: Int
    private var entries: [String: Entry] = [:]

    /// - Parameters:
    ///   - free: Failures that cost nothing.
    ///   - longest: Seconds to wait at most.
    init(free: Int, longest: Int) {
      (self.free, self.longest) = (free, longest)
    }

    var count: Int { entries.count }

    /// Seconds that are left to wait, rounded up; zero if there is no need to.
    func wait(_ key: String, now: Int64) -> Int {
      guard let entry = entries[key], entry.failures >= free else { return 0 }
      let doublings = min(entry.failures - free, 20)
      let delay = Int64(min(longest, 1 << doublings)) * 1_000
      // A clock that was set back does not make anybody wait longer.
      let elapsed = max(0, now - entry.last)
      return elapsed >= delay ? 0 : Int((delay - elapsed + 999) / 1_000)
    }

    /// Counts an attempt as failed: before it is made, so that attempts at the same time count.
    mutating func note(_ key: String, now: Int64) {
      var failures = 0
      if let entry = entries[key], !isForgotten(entry, now) { failures = entry.failures }
      if entries[key] == nil, entries.count >= AuthenticationLimits.attemptEntries { makeRoom(now) }
      entries[key] = Entry(failures: failures + 1, last: now)
    }

    /// An attempt that was counted was not made, or was good.
    mutating func takeBack(_ key: String) {
      guard var entry = entries[key] else { return }
      entry.failures -= 1
      entries[key] = entry.failures > 0 ? entry : nil
    }

    /// Nothing is held against this key any more.
    mutating func forgive(_ key: String) { entries[key] = nil }

    private func isForgotten(_ entry: Entry, _ now: Int64) -> Bool {
      now - entry.last > Int64(AuthenticationLimits.attemptSeconds) * 1_000
    }

    private mutating func makeRoom(_ now: Int64) {
      entries = entries.filter { !isForgotten($0.value, now) }
      guard entries.count >= AuthenticationLimits.attemptEntries else { return }
      // A tenth at once, the oldest, so that this is rare.
      let oldest = entries.sorted { $0.value.last < $1.value.last }
      for (key, _) in oldest.prefix(AuthenticationLimits.attemptEntries / 10) { entries[key] = nil }
    }
  }
#endif

#if Server
  import Synchronization

  /// How many requests are being answered, and how many may be.
  final class Load: Sendable {
    private let count = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether one more may begin; then it has begun.
    func begin() -> Bool {
      let before = count.add(1, ordering: .relaxed).oldValue
      guard before >= limit else { return true }
      count.subtract(1, ordering: .relaxed)
      return false
    }

    func end() { count.subtract(1, ordering: .relaxed) }
  }
#endif

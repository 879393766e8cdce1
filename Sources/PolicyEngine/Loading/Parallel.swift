import Dispatch
import Synchronization

/// Work on all cores, with the results in the order of the work: nobody can tell how many cores
/// there were.
enum Parallel {
  /// More than there are cores on any machine that loads rules; the system runs as many at a time as
  /// there are.
  static let tasks = 64

  /// `body` of each number below `count`, by so many tasks at most. Returns when all are done.
  static func map<T: Sendable>(
    _ count: Int, tasks: Int, _ body: @Sendable (Int) -> T
  ) -> [T] {
    guard tasks > 1, count > 1 else { return (0..<count).map(body) }
    let next = Atomic<Int>(0)
    let results = Mutex([T?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: min(tasks, count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        let result = body(index)
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}

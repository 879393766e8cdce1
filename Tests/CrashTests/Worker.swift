#if SQLite
  import Foundation
  import ModelRegistry
  import SQLiteStore
  import StoreContract
  import Synchronization

  /// The process that is killed: commits without end and says which were acknowledged.
  struct Worker {
    let path: String
    let acknowledgements: FileHandle
    let seed: UInt64
    let callers: Int
    let limit: Int
    let syncs: Bool

    /// One line for each acknowledged commit: its key. Written only after `commit` has returned.
    func run() async throws {
      var testing = SQLiteStore.Testing()
      testing.syncsCommits = syncs
      let store = try SQLiteStore(path: path, ifAbsent: .create, testing: testing)
      try await Load.prepare(store)
      let output = Mutex(acknowledgements)
      let left = Atomic<Int>(limit)
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<callers {
          tasks.addTask {
            var random = SeededRandom(seed &+ UInt64(caller) &* 7919)
            var number = 0
            while left.subtract(1, ordering: .relaxed).newValue >= 0 {
              let key = "\(seed) \(caller) \(number)"
              number += 1
              switch try await Load.attempt(store, &random, key: key) {
              case .committed:
                try output.withLock { try $0.write(contentsOf: Data("\(key)\n".utf8)) }
              case .conflict, .aborted: break
              case .unknown: throw StoreError.unavailable("unknown \(key)")
              }
            }
          }
        }
        try await tasks.waitForAll()
      }
      try await store.close()
    }
  }
#endif

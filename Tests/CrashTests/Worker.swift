#if SQLite
  import Foundation
  import ModelRegistry
  import SQLiteStore
  import StoreContract
  import Synchronization

  /// The file in which the worker says what was acknowledged.
  final class Acknowledgements: Sendable {
    private let file: Mutex<FileHandle>

    init(_ path: String) throws {
      file = Mutex(try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
    }

    func note(_ key: String) throws {
      try file.withLock { try $0.write(contentsOf: Data("\(key)\n".utf8)) }
    }
  }

  /// How many attempts are left.
  final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    func takeOne() -> Bool { left.subtract(1, ordering: .relaxed).newValue >= 0 }
  }

  /// The process that is killed: commits without end and says which were acknowledged.
  struct Worker {
    let path: String
    let acknowledgements: Acknowledgements
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
      let left = Countdown(limit)
      let output = acknowledgements
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<callers {
          tasks.addTask { [seed] in
            var random = SeededRandom(seed &+ UInt64(caller) &* 7919)
            var number = 0
            while left.takeOne() {
              let key = "\(seed) \(caller) \(number)"
              number += 1
              switch try await Load.attempt(store, &random, key: key) {
              case .committed:
                try output.note(key)
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

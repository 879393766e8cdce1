#if SQLite
  import Foundation
  import ModelRegistry
  import PolicyEngine
  import PolicyGate
  import RegistryRaces
  import SQLiteStore

  /// The process that is killed, one floor higher: it works on a registry, through the gate, under
  /// the shipped policies, and writes down each attempt before it is tried and when it is answered.
  struct RegistryWorker {
    let path: String
    let journal: Acknowledgements
    let seed: UInt64
    let callers: Int
    let limit: Int
    let syncs: Bool

    func run() async throws {
      var testing = SQLiteStore.Testing()
      testing.syncsCommits = syncs
      let store = try SQLiteStore(path: path, ifAbsent: .create, testing: testing)
      let registry = try await RegistryHistory.open(store)
      let left = Countdown(limit)
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<callers {
          tasks.addTask {
            var operations = HistoryOperations(seed: seed &+ UInt64(caller) &* 7919)
            var number = 0
            while left.takeOne() {
              try await attempt(
                try await operations.next(on: registry), "\(seed)-\(caller)-\(number)", registry)
              number += 1
            }
          }
        }
        try await tasks.waitForAll()
      }
      try await store.close()
    }

    private func attempt(
      _ operation: HistoryOperation, _ key: String, _ registry: ModelRegistry
    ) async throws {
      try journal.note(HistoryJournal.begin(key, operation))
      let answer: HistoryJournal.Answer
      do {
        try await operation.perform(on: registry, key: key)
        answer = .done
      } catch is Refusal {
        answer = .refused
      } catch let error as RegistryError {
        answer = error.kind == .outcomeUnknown ? .unknown : .failed
      }
      try journal.note(HistoryJournal.end(key, answer))
    }
  }

  /// What is done to a registry, and what must hold of it afterwards.
  enum RegistryHistory {
    static func open(_ store: SQLiteStore) async throws -> ModelRegistry {
      try await ModelRegistry.open(
        store, policies: try Policies.shipped.get(), clock: TestClock().read)
    }

    /// Judges what was done since `checker` judged last. Some of what was done is repeated under
    /// its key, which must find that it was done.
    ///
    /// - Parameter isWhole: reads the whole file as well, which takes longer the larger it is.
    static func check(
      _ store: SQLiteStore, _ journals: [[String]], _ checker: inout HistoryChecker,
      isWhole: Bool = true
    ) async throws -> HistoryChecker.Report {
      let before = checker
      var (report, next) = try await store.read { snapshot in
        var checker = before
        let report = try checker.check(journals, snapshot)
        return (report, checker)
      }
      checker = next
      if isWhole { report.faults += try await store.check().problems }
      guard report.faults.isEmpty, report.lost == 0 else { return report }
      let registry = try await open(store)
      let done = journals.flatMap { HistoryJournal($0).attempts }
        .filter { $0.value.answer == .done && !$0.value.operation.isRead }
      for (key, attempt) in done.prefix(3)
      where try await !attempt.operation.perform(on: registry, key: key) {
        report.faults.append("\(key) took effect again when it was repeated")
      }
      return report
    }
  }
#endif

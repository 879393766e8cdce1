#if SQLite
  import Dispatch
  import Foundation
  import GRDB
  import ModelRegistry
  @testable import SQLiteStore
  import StoreContract
  import Testing

  /// Group commit, limits, other processes.
  @Suite struct WritingTests {
    /// Many at once: each is answered by its own outcome, and one winner a name.
    @Test func oneOfManyWins() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      for round in 0..<20 {
        let outcomes = try await withThrowingTaskGroup(of: CommitOutcome.self) { tasks in
          for caller in 0..<32 {
            tasks.addTask {
              try await store.put(
                [.groupName(name: "n\(round)", group: "g\(caller)")],
                reads: .of(.groupName("n\(round)"), nil), key: "\(round) \(caller)")
            }
          }
          return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { if case .committed = $0 { true } else { false } } == 1)
        #expect(outcomes.count { $0 == .conflict } == 31)
      }
      #expect(try await store.check().isSound)
    }

    /// What is wrong with one write of a batch is no other's fault.
    @Test func oneFaultIsNotAllOthers() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      // A constraint that only one kind of write meets.
      let raw = try DatabaseQueue(path: scratch.path())
      try await raw.write { db in
        try db.execute(
          sql: """
            CREATE TRIGGER planted BEFORE INSERT ON records
            WHEN NEW.key = CAST('sbad' AS BLOB) BEGIN SELECT RAISE(ABORT, 'planted'); END
            """)
      }
      let good = await withTaskGroup(of: Bool?.self) { tasks in
        for number in 0..<64 {
          tasks.addTask {
            let name = number % 8 == 3 ? "bad" : "good\(number)"
            do {
              try await store.mustPut([.setting(name: name, value: "")], key: "\(number)")
              return name != "bad"
            } catch is StoreError {
              return name == "bad" ? nil : false
            } catch {
              return false
            }
          }
        }
        return await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(good.count { $0 == true } == 56)
      #expect(good.count { $0 == nil } == 8)
      #expect(try await store.read { $0.revision } == 56)
      #expect(try await store.check().isSound)
    }

    @Test func refusesWhatIsTooLarge() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      let limit = SQLiteStoreLimits.recordBytes
      let most = Record.definition(model: "m", bytes: [UInt8](repeating: 7, count: limit))
      try await store.mustPut([most], key: "1")
      #expect(try await store.record(.definition("m"))?.record.bytes.count == limit)
      let more = Record.definition(model: "n", bytes: [UInt8](repeating: 7, count: limit + 1))
      await #expect(
        throws: StoreError.tooLarge(
          "the definition `n` has \(limit + 1) bytes, at most \(limit) can be kept")
      ) { try await store.put([more], key: "2") }
      #expect(try await store.revision(ofKey: "2") == nil)
    }

    /// While another process keeps the file locked, writes wait, and give up in the end.
    @Test func waitsForOthersAndGivesUp() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([], key: "1")
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let other = try DatabaseQueue(path: scratch.path(), configuration: configuration)
      try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
      let begin = ContinuousClock().now
      await #expect(throws: StoreError.self) { try await store.put([], key: "2") }
      #expect(ContinuousClock().now - begin >= .seconds(SQLiteStoreLimits.busySeconds - 1))
      // Reads do not wait.
      #expect(try await store.revision(ofKey: "1") == 1)
      async let late = store.put([], key: "3")
      try await Task.sleep(for: .milliseconds(300))
      try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
      #expect(try await late == .committed(2, repeated: false))
    }

    /// A task that runs on somebody's own thread, such as an event loop's, doesn't keep it from its
    /// work.
    @Test func leavesOthersThreadsFree() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      let gate = DispatchSemaphore(value: 0)
      store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
      let loop = QueueExecutor()
      async let done = withTaskExecutorPreference(loop) { try await store.put([], key: "1") }
      for _ in 0..<2_000 where store.waitingWrites < 1 {
        try await Task.sleep(for: .milliseconds(1))
      }
      #expect(store.waitingWrites == 1)
      gate.signal()
      #expect(try await done == .committed(1, repeated: false))
      // Others may write on their own.
      #expect(try await store.put([], key: "2") == .committed(2, repeated: false))
    }

    /// So many wait as fit, the rest is refused, and nothing is lost.
    @Test(arguments: [false, true]) func boundsWhatWaits(_ areLarge: Bool) async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      // The one writer is kept from its work.
      let gate = DispatchSemaphore(value: 0)
      store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
      // One that is too large for its caller's thread, so that the writer's has something to do.
      let first = Record.definition(
        model: "first", bytes: [UInt8](repeating: 0, count: SQLiteStoreLimits.bytesAtOnce))
      async let isFirstDone = store.mustPut([first], key: "first")
      while store.waitingWrites < 1 { try await Task.sleep(for: .milliseconds(1)) }
      let bytes = [UInt8](repeating: 1, count: areLarge ? SQLiteStoreLimits.recordBytes - 1_000 : 0)
      let fit =
        areLarge
        ? SQLiteStoreLimits.waitingBytes / SQLiteStoreLimits.recordBytes - 1
        : SQLiteStoreLimits.waitingWrites - 1
      let (extra, callers) = areLarge ? (3, fit + 3) : (20, fit + 20)
      let outcomes = try await withThrowingTaskGroup(of: Bool.self) { tasks in
        for number in 0..<callers {
          tasks.addTask {
            let records = areLarge ? [Record.definition(model: "m", bytes: bytes)] : []
            do {
              try await store.mustPut(records, key: "\(number)")
              return true
            } catch StoreError.busy {
              return false
            }
          }
        }
        // The refused ones are back while the others wait.
        var outcomes: [Bool] = []
        while outcomes.count < extra, let outcome = try await tasks.next() {
          outcomes.append(outcome)
        }
        #expect(outcomes.allSatisfy { !$0 })
        gate.signal()
        while let outcome = try await tasks.next() { outcomes.append(outcome) }
        return outcomes
      }
      let done = outcomes.count { $0 }
      _ = try await isFirstDone
      #expect(done == fit)
      #expect(try await store.read { $0.revision } == StoreRevision(done + 1))
    }
  }
#endif

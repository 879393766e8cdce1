#if SQLite
  import Foundation
  import ModelRegistry
  import PolicyGate
  @testable import SQLiteStore
  import StoreContract
  import Synchronization
  import Testing

  /// What a store remembers of records is what the file holds, whoever changed it last.
  @Suite struct RememberingTests {
    @Test(arguments: StoreContract.rules)
    func keepsTheContract(_ rule: StoreRule) async throws {
      let scratch = try Scratch()
      try await rule.check {
        HandlesStore([try scratch.store("\(UUID().uuidString).db")], areReadsBrief: true)
      }
    }

    @Test(arguments: StoreContract.rules)
    func keepsTheContractThroughTwoHandles(_ rule: StoreRule) async throws {
      let scratch = try Scratch()
      try await rule.check {
        let name = "\(UUID().uuidString).db"
        return HandlesStore(
          [try scratch.store(name), try scratch.store(name)], areReadsBrief: true)
      }
    }

    /// Two processes write at random; after each step both remember what the file says.
    @Test(arguments: 0..<8)
    func isAsTheFile(_ seed: UInt64) async throws {
      let scratch = try Scratch()
      let handles = [try scratch.store(), try scratch.store()]
      var random = SeededRandom(seed)
      let names =
        seed % 2 == 0 ? ["a", "b", "c"] : (0..<4).map { _ in random.pick(HostileTexts.all) }
      for number in 0..<60 {
        let step = Step(&random, names, number)
        _ = try await step.run(on: random.pick(handles))
        let file = try await LikeMemoryTests.sets(handles[0], names)
        let records = try await handles[0].everything()
        for handle in random.once(in: 2) ? handles : [random.pick(handles)] {
          let brief = HandlesStore([handle], areReadsBrief: true)
          #expect(try await LikeMemoryTests.sets(brief, names) == file, "step \(number): \(step)")
          #expect(try await brief.everything() == records, "step \(number): \(step)")
          #expect(try await brief.each(names) == handles[0].each(names), "step \(number): \(step)")
        }
      }
    }

    /// Policies that another process has put in force are in force here.
    @Test func seesOthersPolicies() async throws {
      let scratch = try Scratch()
      let (one, other) = (try scratch.store(), try scratch.store())
      try await one.mustPut([.policy(revision: "first")], key: "1")
      #expect(
        try await one.readBriefly { try $0.record(.policy)?.record } == .policy(revision: "first"))
      try await other.mustPut([.policy(revision: "second")], key: "2", policy: "first")
      #expect(
        try await one.readBriefly { try $0.record(.policy)?.record } == .policy(revision: "second"))
      #expect(try await one.put([Samples.group(1)], key: "3", policy: "first") == .conflict)
      #expect(try await one.record(.group("g1")) == nil)
    }

    /// A task on somebody's own thread, such as an event loop's, reads memory there and no file.
    @Test func leavesOthersThreadsFree() async throws {
      let scratch = try Scratch()
      let (one, other) = (try scratch.store(), try scratch.store())
      let loop = QueueExecutor()
      let places = Mutex<[Bool]>([])
      func read() async throws -> Record? {
        places.withLock { $0 = [] }
        return try await withTaskExecutorPreference(loop) {
          let record = try await one.readBriefly { snapshot in
            let record = try snapshot.record(.policy)?.record
            // Memory that lacks it says that there is nothing.
            if record != nil { places.withLock { $0.append(loop.isHere) } }
            return record
          }
          places.withLock { $0.append(loop.isHere) }
          return record
        }
      }
      for (number, revision) in ["first", "second"].enumerated() {
        // Behind this handle's back, so that it remembers nothing of it.
        try await other.mustPut([.policy(revision: revision)], key: "\(number)")
        #expect(try await read() == .policy(revision: revision))
        #expect(places.withLock { $0 } == [false, true])
        #expect(try await read() == .policy(revision: revision))
        #expect(places.withLock { $0 } == [true, true])
      }
    }

    /// A state that is read for long is neither told what came later nor spoils it.
    @Test func oldStatesStayApart() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([.setting(name: "s", value: "old")], key: "1")
      let memory = RecordMemory()
      let reader = try BriefReaders(scratch.path(), memory)
      try reader.read { snapshot in
        // In this transaction the setting was read before, and its absence is known of another.
        let before = try snapshot.record(.setting("s"))
        memory.advance(
          from: snapshot.revision, to: snapshot.revision + 1,
          [
            .setting("s"): (
              Versioned(record: .setting(name: "s", value: "new"), revision: 2), 10
            )
          ], [:])
        #expect(try snapshot.record(.setting("s"))?.record == before?.record)
        _ = try snapshot.record(.setting("t"))
      }
      #expect(memory.record(.setting("s"), at: 2)??.revision == 2)
      #expect(memory.record(.setting("s"), at: 1) == nil)
      #expect(memory.record(.setting("t"), at: 2) == nil)
      try await store.close()
    }

    /// What is remembered as a whole is not read again; whatever is missing sends the reader to the
    /// file, also one who would go on without it.
    @Test func readsTheFileWhenSomethingIsMissing() async throws {
      let scratch = try Scratch()
      let (one, other) = (try scratch.store(), try scratch.store())
      try await one.mustPut([.setting(name: "s", value: "old")], key: "1")
      let calls = Mutex(0)
      func value(_ names: String...) async throws -> [Record?] {
        calls.withLock { $0 = 0 }
        return try await one.readBriefly { snapshot in
          calls.withLock { $0 += 1 }
          return names.map { (try? snapshot.record(.setting($0)))??.record }
        }
      }
      let old = Record.setting(name: "s", value: "old")
      let new = Record.setting(name: "s", value: "new")
      // A commit of this process leaves what it wrote, and nothing of what it did not.
      #expect(try await value("s") == [old])
      #expect(try await value("s", "t") == [old, nil] && calls.withLock { $0 } == 2)
      #expect(try await value("s", "t") == [old, nil] && calls.withLock { $0 } == 1)
      try await other.mustPut([new], key: "2")
      #expect(try await value("s", "t") == [new, nil] && calls.withLock { $0 } == 2)
      #expect(try await value("s", "t") == [new, nil] && calls.withLock { $0 } == 1)
      try await one.mustPut([old], key: "3")
      #expect(try await value("s", "t") == [old, nil] && calls.withLock { $0 } == 1)
    }

    /// A transaction that came to nothing leaves nothing.
    @Test func forgetsWhatWasRolledBack() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      let large = Record.definition(
        model: "m", bytes: [UInt8](repeating: 1, count: SQLiteStoreLimits.recordBytes + 1))
      await #expect(throws: StoreError.self) {
        try await store.put([.setting(name: "s", value: "x"), large], key: "1")
      }
      let wanted = ReadSet.of(.setting("s"), nil)
      #expect(
        try await store.put(
          [.setting(name: "t", value: "y")], reads: .of(.setting("t"), nil), key: "2")
          != .conflict)
      #expect(
        try await store.put([.setting(name: "s", value: "z")], reads: wanted, key: "3") != .conflict
      )
      #expect(
        try await store.put([.setting(name: "s", value: "z")], reads: wanted, key: "4") == .conflict
      )
    }

    @Test func remembersNothingLarge() {
      let (memory, limit) = (RecordMemory(), SQLiteStoreLimits.rememberedRecordBytes)
      for (name, size, isKept) in [("most", limit, true), ("more", limit + 1, false)] {
        let record = Record.setting(name: name, value: "")
        memory.keep(Versioned(record: record, revision: 1), size, as: record.key, at: 1)
        #expect((memory.record(record.key, at: 1) != nil) == isKept)
        memory.keep([Versioned(record: record, revision: 1)], size, of: .tagged(name), at: 1)
        #expect((memory.members(.tagged(name), at: 1) != nil) == isKept)
      }
    }

    @Test func forgetsWhenItIsFull() {
      let (memory, limit) = (RecordMemory(), SQLiteStoreLimits.rememberedRecordBytes)
      let first = Record.setting(name: "first", value: "")
      memory.keep(Versioned(record: first, revision: 1), 0, as: first.key, at: 1)
      // With what an entry takes beside its bytes, it is a little fewer that fit.
      let most = SQLiteStoreLimits.rememberedBytes / limit
      var count = 0
      while memory.record(first.key, at: 1) != nil, count <= most {
        memory.keep(nil, limit, as: .setting("\(count)"), at: 1)
        count += 1
      }
      #expect((most * 9 / 10...most).contains(count))
      #expect(memory.record(.setting("\(count - 1)"), at: 1) != nil)
    }
  }

  extension RegistryStore {
    /// Every record of these names, read by its key.
    fileprivate func each(_ names: [String]) async throws -> [String] {
      try await read { snapshot in
        try names.flatMap { name in
          try [
            RecordKey.trainedModel(name), .definition(name), .alias(name), .deployment(name),
            .pipeline(name), .group(name), .groupName(name), .groupModel(name), .setting(name),
            .policy,
          ].map { key in
            let found = try snapshot.record(key)
            return "\(key) \(found?.revision ?? 0) \(found.map { "\($0.record)" } ?? "absent")"
          }
        }
      }
    }
  }
#endif

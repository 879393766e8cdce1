#if SQLite && Signing
  import Foundation
  import LogAudit
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract
  import Synchronization
  import Testing

  /// Signing heads while a log grows.
  @Suite struct HeadExporterTests {
    static func exporter(_ place: LogTests.Place) -> HeadExporter {
      let store = place.store
      return HeadExporter(
        file: place.scratch.path("heads"), signer: place.signer, clock: { 1_700_000_000_000 }
      ) { from, limit in
        try await store.read { snapshot in
          let ends = try snapshot.logHead()
          return (try snapshot.log(from: from, limit: limit), ends.start, ends.end)
        }
      }
    }

    @Test func signsWhatIsNew() async throws {
      let place = try await LogTests.Place(3)
      let exporter = Self.exporter(place)
      #expect(try await exporter.export()?.head.sequence == 3)
      #expect(try await exporter.export() == nil)
      try await place.store.append([.probe("a"), .probe("b")])
      #expect(try await exporter.export()?.head.sequence == 5)
      let heads = try HeadFile.read(place.scratch.path("heads"))
      #expect(heads.map(\.head.sequence) == [3, 5])
      #expect(heads.allSatisfy { $0.isValid(by: place.verifier) })
    }

    /// A log that was changed since the last head gets no signature.
    @Test(arguments: [
      "DELETE FROM log WHERE sequence > 2; UPDATE state SET log_sequence = 2",
      "UPDATE log SET hash = zeroblob(32) WHERE sequence = 3",
      "UPDATE log SET bytes = zeroblob(3) WHERE sequence = 4",
      "DELETE FROM log WHERE sequence = 4",
    ]) func signsOnlyWhatContinues(_ sql: String) async throws {
      let place = try await LogTests.Place(3)
      let exporter = Self.exporter(place)
      try await exporter.export()
      try await place.store.append([.probe("a"), .probe("b")])
      try await place.tamper(sql)
      await #expect(throws: LogFault.self) { try await exporter.export() }
      #expect(try HeadFile.read(place.scratch.path("heads")).count == 1)
    }

    @Test func goesOnBehindAShortenedLog() async throws {
      let place = try await LogTests.Place(7)
      let exporter = Self.exporter(place)
      try await place.store.shortenLog(through: place.heads[0], verifiedBy: place.verifier)
      #expect(try await exporter.export()?.head.sequence == 7)
    }

    /// A line that a crash left unfinished was acknowledged to nobody.
    @Test func leavesOutAnUnfinishedLine() async throws {
      let place = try await LogTests.Place(2)
      let exporter = Self.exporter(place)
      try await exporter.export()
      let path = place.scratch.path("heads")
      let whole = try #require(FileManager.default.contents(atPath: path))
      try (whole + Data(#"{"sequence":9"#.utf8)).write(to: URL(fileURLWithPath: path))
      #expect(try HeadFile.read(path).count == 1)
      try await place.store.append([.probe("a")])
      try await exporter.export()
      #expect(try HeadFile.read(path).map(\.head.sequence) == [2, 3])
      try Data("nonsense\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: LogFault.self) { try HeadFile.read(path) }
    }

    /// How long it may take says nothing: a thousand other tests want the same threads.
    @Test(.timeLimit(.minutes(20))) func exportsByItself() async throws {
      let place = try await LogTests.Place(2)
      let exporter = Self.exporter(place)
      let failures = Mutex(0)
      let running = Task {
        await exporter.run(everyRecords: 2, every: .milliseconds(20)) { _ in
          failures.withLock { $0 += 1 }
        }
      }
      for number in 0..<5 {
        try await place.store.append([.probe("\(number)")])
        while try (HeadFile.last(place.scratch.path("heads"))?.head.sequence ?? 0) < 3 + number {
          try await Task.sleep(for: .milliseconds(5))
        }
      }
      running.cancel()
      await running.value
      #expect(failures.withLock { $0 } == 0)
    }
  }
#endif

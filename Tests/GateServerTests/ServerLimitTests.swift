import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import Synchronization
import Testing

/// Limits that nothing else here comes near: each with what is just within it and just beyond.
@Suite struct ServerLimitTests {
  private static func code(_ body: String) -> JSONError.Code? {
    do throws(JSONError) {
      _ = try WireJSON(Array(body.utf8))
      return nil
    } catch { return error.code }
  }

  @Test func depthOfBodies() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(Self.code(nested(ServerLimits.jsonDepth)) == nil)
    #expect(Self.code(nested(ServerLimits.jsonDepth + 1)) == .tooDeep)
  }

  @Test func valuesOfBodies() {
    // The list counts too.
    func list(_ count: Int) -> String {
      "[" + String(repeating: "0,", count: count - 2) + "0]"
    }
    #expect(Self.code(list(ServerLimits.jsonNodes)) == nil)
    #expect(Self.code(list(ServerLimits.jsonNodes + 1)) == .tooManyValues)
  }

  @Test func sizeOfBodies() {
    // A definition of the largest size in Base64, and room for its configuration.
    #expect(ServerLimits.bodyBytes > RegistryLimits.definitionBytes / 3 * 4 + (1 << 20))
    let body = String(repeating: " ", count: ServerLimits.bodyBytes - 2) + "{}"
    #expect(Self.code(body) == nil)
    #expect(Self.code(" " + body) == .tooLarge)
  }

  @Test func entitiesOfADirectory() throws {
    // So many would take minutes here: the same reader with another number.
    #expect(ServerLimits.directoryEntities == 1_000_000)
    func sources(_ count: Int) -> [PolicySource] {
      // Over two files: they count together.
      [0..<3, 3..<count].enumerated().map { number, range in
        let entities = range.map { #"{"type":"t","id":"\#($0)"}"# }.joined(separator: ",")
        return PolicySource(
          name: "\(number).json",
          bytes: Array(#"{"directory":"d\#(number)","entities":[\#(entities)]}"#.utf8))
      }
    }
    #expect(try Directory(sources(10), entities: 10).count == 10)
    let error = #expect(throws: PolicyLoadError.self) {
      try Directory(sources(12), entities: 10)
    }
    #expect(error?.diagnostics.map(\.code) == ["too-many-entities"])
    #expect(error?.diagnostics.first?.message == "a directory may have 10 entities")
  }

  /// Of a batch nothing is answered before it is logged, and it is logged in parts of this size.
  @Test func recordsLoggedAtOnce() async throws {
    for (count, wanted) in [
      (ServerLimits.logBatch, [ServerLimits.logBatch]),
      (ServerLimits.logBatch + 1, [ServerLimits.logBatch, 1]),
    ] {
      let world = try await AccessWorld()
      let list = [String](repeating: AccessTests.may, count: count).joined(separator: ",")
      let reply = try await world.send(
        "POST", "/_modelgate/check", #"{"evaluations":[\#(list)]}"#)
      #expect(reply.status == 200)
      // Before them, that the caller may ask at all.
      let appended = world.store.appended.withLock { $0 }
      #expect(appended.suffix(wanted.count) == wanted[...], "\(appended)")
      #expect(appended.dropLast(wanted.count).allSatisfy { $0 == 1 }, "\(appended)")
    }
  }

  @Test func stepsOfASearch() {
    let budget = OpenSearch.SearchBudget()
    #expect(budget.take(ServerLimits.searchSteps - 1))
    #expect(!budget.isSpent)
    #expect(!budget.take(1))
    #expect(budget.isSpent)
  }

  @Test func entriesOfAPageOfTheLog() async throws {
    let world = try await AccessWorld()
    for (limit, status) in [(ServerLimits.logPage, 200), (ServerLimits.logPage + 1, 400)] {
      #expect(try await world.send("GET", "/_modelgate/log?limit=\(limit)").status == status)
    }
  }
}

import CEL
@testable import ModelRegistry
import PolicyEngine
import RegistryRaces
import StoreContract
import Testing

/// Facts that are remembered are those of the commit that is asked for.
@Suite struct FactMemoryTests {
  static func facts(_ text: String) -> ResourceFacts {
    ResourceFacts(
      Request(
        subject: .init(type: "user", id: ""), action: .init(name: ""),
        resource: .init(type: "t", id: "", properties: ["a": .string(text), "z": .null])),
      own: ["a", "b"], ownContext: [])
  }

  static func name(_ id: String, _ type: String = "model_alias") -> ResourceName {
    ResourceName(type: type, id: id)
  }

  @Test func oneCommitAtATime() {
    let memory = FactMemory()
    func known(_ id: String, _ revision: StoreRevision) -> CELValue? {
      memory.facts(about: Self.name(id), at: revision)?.properties["a"]
    }
    memory.keep(Self.facts("one"), about: Self.name("x"), at: 5)
    #expect(known("x", 5) == .string("one"))
    #expect(known("x", 4) == nil && known("x", 6) == nil && known("y", 5) == nil)
    #expect(memory.facts(about: Self.name("x", "trained_model"), at: 5) == nil)
    // What somebody has read of an older state comes too late.
    memory.keep(Self.facts("old"), about: Self.name("x"), at: 4)
    #expect(known("x", 5) == .string("one") && known("x", 4) == nil)
    memory.keep(Self.facts("two"), about: Self.name("y"), at: 6)
    #expect(known("x", 5) == nil && known("x", 6) == nil && known("y", 6) == .string("two"))
  }

  /// Names go by their bytes, and what names others is not remembered.
  @Test func names() {
    let memory = FactMemory()
    memory.keep(Self.facts("one"), about: Self.name("\u{E9}"), at: 1)
    #expect(memory.facts(about: Self.name("\u{E9}"), at: 1) != nil)
    #expect(memory.facts(about: Self.name("e\u{301}"), at: 1) == nil)
    let other = ResourceName(type: "model_alias", id: "x", others: ["new_model": "m"])
    memory.keep(Self.facts("one"), about: other, at: 1)
    #expect(memory.facts(about: other, at: 1) == nil)
    #expect(memory.facts(about: Self.name("x"), at: 1) == nil)
  }

  @Test func bounds() {
    let memory = FactMemory()
    func text(_ bytes: Int) -> ResourceFacts { Self.facts(String(repeating: "a", count: bytes)) }
    // Name, value and entry have a size, too.
    let most = RegistryLimits.rememberedFactBytes - 1 - 1 - 32 - 256
    memory.keep(text(most + 1), about: Self.name("x"), at: 1)
    #expect(memory.count == 0)
    memory.keep(text(most), about: Self.name("x"), at: 1)
    #expect(memory.count == 1)
    let all = RegistryLimits.rememberedFactsBytes / RegistryLimits.rememberedFactBytes
    for number in 0..<all {
      let name = Self.name(String(UnicodeScalar(UInt8(number))), "trained_model")
      // Again is not more.
      for _ in 0..<2 { memory.keep(text(most), about: name, at: 2) }
    }
    #expect(memory.count == all)
    memory.keep(text(1), about: Self.name("one more"), at: 2)
    #expect(memory.count == 1)
  }

  /// Only what is the registry's to tell gets into a request, and that whatever the request says.
  @Test func completing() {
    for stated: [String: CELValue] in [[:], ["b": .int(1), "a": .int(2)], ["c": .int(3)]] {
      var request = Request(
        subject: .init(type: "user", id: "u"), action: .init(name: "a"),
        resource: .init(type: "t", id: "i", properties: stated))
      Self.facts("known").complete(&request)
      var wanted: [String: CELValue] = ["a": .string("known")]
      wanted["c"] = stated["c"]
      #expect(request.resource.properties == wanted)
      #expect(request.context == [:])
    }
  }

  /// Through the registry: each commit is seen by whoever asks after it.
  @Test func commitsAreSeen() async throws {
    let registry = try await ModelRegistry.test(policies: try Policies.lenient.get())
    func current() async throws -> CELValue? {
      try await registry.facts(about: [Self.name("latest")])[0]?.properties["current_model"]
    }
    #expect(try await current() == nil)
    for id in ["m1", "m2"] {
      try await registry.perform(PutTrainedModel(TrainedModel(id: id)), by: .user1)
    }
    for id in ["m1", "m2", "m1"] {
      try await registry.perform(PutAlias("latest", of: id, reassign: true), by: .user1)
      for _ in 0..<2 {
        guard case .map(let entries)? = try await current() else {
          Issue.record("no model")
          continue
        }
        #expect(entries.first?.value == .string(id))
      }
    }
    #expect(registry.factMemory.count == 1)
    try await registry.perform(DeleteAlias("latest", of: "m1"), by: .user1)
    #expect(try await current() == nil)
  }
}

import CEL
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Testing

@testable import ModelRegistry

/// Where searches look for groups is worked out from the policies, and changes nothing that is found.
@Suite struct GroupRangeTests {
  @Test func theShippedRulesComeToFourLookUps() throws {
    let policies = try Policies.shipped.get()
    func ranges(_ subject: Request.Entity, _ context: [String: CELValue] = [:]) -> Set<GroupRange> {
      Set(
        GroupRanges().ranges(
          policies,
          Request(
            subject: subject, action: .init(name: SearchGroups.action),
            resource: .init(type: "model_group", id: "*"), context: context)))
    }
    let alice = Request.Entity.user("alice", roles: ["ml_full_access"], backendRoles: ["IT", "HR"])
    #expect(
      ranges(alice) == [
        .access(.public), .owner("alice"), .backendRole("IT"), .backendRole("HR"),
      ])
    #expect(ranges(alice, ["access_control_enabled": false]) == [.all])
    #expect(ranges(.user("root", roles: ["all_access"])) == [.all])
    #expect(ranges(.user("root", roles: [], backendRoles: ["admin"])) == [.all])
  }

  @Test func whatNoIndexKnowsIsLookedForEverywhere() {
    typealias Atom = ResourceFilter.Atom
    let name = ResourceFilter(alternatives: [[Atom.equals(path: ["name"], text: "n")]])
    #expect(GroupRanges.ranges(name) == [.all])
    let odd = ResourceFilter(alternatives: [
      [.equals(path: ["access"], text: "secret")], [.absent(path: ["access"])],
    ])
    #expect(GroupRanges.ranges(odd).isEmpty)
    #expect(GroupRanges.ranges(.nothing).isEmpty)
    let narrow = ResourceFilter(alternatives: [
      [.equals(path: ["access"], text: "private"), .equals(path: ["owner"], text: "a")]
    ])
    #expect(GroupRanges.ranges(narrow) == [.owner("a")])
  }

  /// Names that look alike, names of other things, empty names: what a search finds in the ranges is
  /// what it finds everywhere, and what `get` lets the caller read.
  @Test func searchesFindInTheRangesWhatTheyFindEverywhere() async throws {
    var generator = SystemRandomNumberGenerator()
    let names = ["alice", "Alice", "é", "e\u{301}", "", "public", "IT", "*", "\u{0}", "a,b"]
    let store = MemoryStore()
    let groups = (0..<400).map { number in
      Record.group(
        ModelGroup(
          id: "g\(1_000 + number)", name: "n\(number)",
          backendRoles: names.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 },
          owner: Int.random(in: 0..<5, using: &generator) == 0
            ? nil : .init(name: names.randomElement(using: &generator) ?? ""),
          access: ModelGroup.Access.allCases.randomElement(using: &generator) ?? .private))
    }
    try await store.mustPut(groups, key: "groups")
    let registry = try await ModelRegistry.test(store)
    var (found, missed) = (0, 0)
    for name in names {
      for roles in [["ml_full_access"], ["ml_read_access"], ["all_access"]] {
        let subject = Request.Entity.user(
          name, roles: roles,
          backendRoles: names.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
        let ranged = try await registry.search(SearchGroups(limit: 500), by: subject)
        let all = try await registry.search(SearchGroups(in: [.all], limit: 500), by: subject)
        #expect(ranged.items == all.items)
        found += all.items.count
        missed += 400 - all.items.count
      }
    }
    #expect(found > 1_000)
    #expect(missed > 1_000)
  }
}

import CEL
import PolicyEngine
import Testing

@testable import Compliance

/// A thousand generated pairs of policy sets: what the comparison says of every role and action is
/// what comes of asking both sets about every request of a small world.
@Suite struct DiffBruteForceTests {
  private static func set(_ text: String) throws -> PolicySet {
    // Actions that nothing names would be compared under another name.
    let actions = #"{ "vocabulary": "v", "actions": { "d:read": {}, "d:write": {} } }"#
    return try PolicySet([
      PolicySource(name: "p.json", bytes: Array(text.utf8)),
      PolicySource(name: "v.json", bytes: Array(actions.utf8)),
    ])
  }

  /// What every request of the world says, one after the other.
  private static func bruteForce(
    _ old: inout Authorizer, _ new: inout Authorizer, _ role: String?, _ action: String,
    _ uses: DiffWorld.Uses
  ) throws -> Set<AccessChanges.Witness.Kind> {
    var kinds: Set<AccessChanges.Witness.Kind> = []
    for request in DiffWorld.requests(role, action, uses) {
      switch (try old.outcome(of: request), try new.outcome(of: request)) {
      case (.deny, .deny), (.allow, .allow), (.warn, .warn): break
      case (.deny, _): kinds.insert(.newlyAllowed)
      case (_, .deny): kinds.insert(.newlyDenied)
      case (.allow, .warn): kinds.insert(.warningAdded)
      case (.warn, .allow): kinds.insert(.warningRemoved)
      }
    }
    return kinds
  }

  @Test(arguments: 0..<20) func agrees(_ part: Int) throws {
    var changed = 0
    for seed in 0..<50 {
      var world = DiffWorld(seed: UInt64(part * 50 + seed))
      let pair = world.pair()
      let (oldSet, newSet) = (try Self.set(pair.old), try Self.set(pair.new))
      let changes = AccessDiff(old: oldSet, new: newSet).compare()
      #expect(!changes.isDoubtful, "seed \(part * 50 + seed): \(changes.cells.map(\.doubt))")
      var (old, new) = (Authorizer(oldSet), Authorizer(newSet))
      let uses = DiffWorld.Uses([pair.old, pair.new])
      for role in DiffWorld.roles {
        for action in DiffWorld.actions {
          let expected = try Self.bruteForce(&old, &new, role, action, uses)
          let cell = changes.cells.first { $0.role == role && $0.action == action }
          let found = Set((cell?.witnesses ?? []).map(\.kind))
          #expect(
            found == expected,
            "seed \(part * 50 + seed), \(role ?? "-"), \(action)\n\(pair.old)\n\(pair.new)")
          if !expected.isEmpty { changed += 1 }
        }
      }
    }
    #expect(changed > 20)
  }
}

import PolicyEngine
import Synchronization

/// Where to look for the model groups that a caller may find: ranges that a store has indexes for,
/// worked out from the policies. Outside of them policies show the caller nothing; inside of them
/// they are asked about every group.
final class GroupRanges: Sendable {
  /// The plan of the policies that were asked last.
  private let last = Mutex<(policies: PolicySet, plan: FilterPlan)?>(nil)

  /// The ranges for a request to search (`resource.id` is `*`).
  func ranges(_ policies: PolicySet, _ request: Request) -> [GroupRange] {
    var authorizer = Authorizer(policies)
    guard let subject = try? authorizer.resolved(request.subject) else { return [.all] }
    let filter = plan(policies).filter(
      subject: subject, action: request.action, context: request.context)
    return Self.ranges(filter)
  }

  private func plan(_ policies: PolicySet) -> FilterPlan {
    if let known = last.withLock({ $0 }), known.policies === policies { return known.plan }
    // Made outside of the lock: two that make it at once make the same.
    let plan = FilterPlan(policies, action: SearchGroups.action, resourceType: "model_group")
    last.withLock { $0 = (policies, plan) }
    return plan
  }

  /// One range for each alternative of a filter: the narrowest that an index knows.
  static func ranges(_ filter: ResourceFilter) -> [GroupRange] {
    guard let alternatives = filter.alternatives else { return [.all] }
    var ranges: Set<GroupRange> = []
    for atoms in alternatives {
      // No group fulfils it.
      if atoms.contains(where: isImpossible) { continue }
      guard let range = atoms.compactMap(range).min(by: { rank($0) < rank($1) }) else {
        return [.all]
      }
      ranges.insert(range)
    }
    return Array(ranges)
  }

  private static func range(_ atom: ResourceFilter.Atom) -> GroupRange? {
    switch atom {
    case .equals(["id"], let id): .id(id)
    case .equals(["owner"], let name): .owner(name)
    case .equals(["access"], let text): ModelGroup.Access(rawValue: text).map { .access($0) }
    case .contains(["backend_roles"], let role): .backendRole(role)
    case .absent(["owner"]): .noOwner
    default: nil
    }
  }

  /// Every group has an id and one of three modes of access.
  private static func isImpossible(_ atom: ResourceFilter.Atom) -> Bool {
    switch atom {
    case .absent(["access"]), .absent(["id"]): true
    case .equals(["access"], let text): ModelGroup.Access(rawValue: text) == nil
    default: false
    }
  }

  /// How few groups a range may be expected to have.
  private static func rank(_ range: GroupRange) -> Int {
    switch range {
    case .id: 0
    case .owner: 1
    case .noOwner: 2
    case .backendRole: 3
    case .access: 4
    case .all: 5
    }
  }
}
